import { spawn } from 'node:child_process';
import { SetupError } from '../setup/say.mjs';

/**
 * Runs `work` with a display of its own that nobody sees, given as the environment to add; on Windows, which always has
 * a display, with an empty one.
 */
export async function withDisplay(work) {
  if (process.platform !== 'linux') return work({});
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  try {
    const number = await readDisplayNumber(server);
    return await work({ DISPLAY: `:${number}`, WAYLAND_DISPLAY: '' });
  } finally {
    server.kill();
  }
}

/** Waits until the server is ready, which is when it prints the number of its display. */
function readDisplayNumber(server) {
  return new Promise((resolve, reject) => {
    let complaints = '';
    server.stderr.on('data', (text) => (complaints += text));
    server.stdio[3].once('data', (text) => resolve(String(text).trim()));
    server.once('error', (error) => reject(new SetupError(`Xvfb could not be started: ${error.message}.`)));
    server.once('exit', (code) => reject(new SetupError(`Xvfb ended with code ${code}: ${complaints.trim()}`)));
  });
}
