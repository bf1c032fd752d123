import { spawn } from 'node:child_process';

/**
 * Runs a program in the foreground as if it were this one: its streams are ours, signals sent to us reach it, and its
 * end is ours. Returns the exit code; when a signal ended it, the same signal ends this process.
 */
export async function runAsOurselves(command, args, options = {}) {
  const { code, signal } = await runChild(command, args, options);
  if (signal !== null) {
    process.kill(process.pid, signal);
    // Not every signal ends us at once, and some not at all.
    return 128;
  }
  return code;
}

/** Runs a program to its end, passing on signals. Returns `{ code, signal }`. */
export function runChild(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const passed = ['SIGTERM', 'SIGHUP', 'SIGINT'].map((signal) => {
      const pass = () => {
        // Ctrl-C in a terminal reaches the child by itself; a second one could be taken for impatience.
        if (signal === 'SIGINT' && hasTerminal()) return;
        child.kill(signal);
      };
      process.on(signal, pass);
      return { signal, pass };
    });
    const letGo = () => passed.forEach(({ signal, pass }) => process.off(signal, pass));
    child.once('error', (error) => {
      letGo();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      letGo();
      resolve({ code, signal });
    });
  });
}

function hasTerminal() {
  return process.stdin.isTTY === true || process.stdout.isTTY === true || process.stderr.isTTY === true;
}
