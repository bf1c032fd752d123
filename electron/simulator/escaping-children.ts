import { spawn } from 'node:child_process';

/** They end by themselves after this long, so that a forgotten test leaves nothing behind for good. */
const longestLifeMs = 600_000;

/**
 * Starts a process that outlives its parent the way a careless engine's workers do: a short-lived process in between starts
 * it in a session of its own and ends, so no parent link leads to it. It keeps the environment, by which a supervisor
 * can still find it.
 *
 * @returns its process id, once it runs.
 */
export function startEscapingChild(ignoreSigterm: boolean): Promise<number> {
  const childCode =
    (ignoreSigterm ? `for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {}); ` : '') +
    `setTimeout(() => {}, ${longestLifeMs})`;
  const betweenCode =
    `const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(childCode)}], ` +
    `{ detached: true, stdio: 'ignore', argv0: 'VLLM::EngineCore' }); ` +
    `child.unref(); process.stdout.write(String(child.pid))`;
  const between = spawn(process.execPath, ['-e', betweenCode], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    between.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    between.on('error', reject);
    between.on('close', () => resolve(Number(output)));
  });
}
