import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { nodePath, programPath } from '../base/program-files.ts';
import type { ProgramName } from '../base/program-files.ts';
import type { Result } from '../contract/outpost-error.ts';
import { fail, succeed } from '../contract/outpost-error.ts';
import type { Answer } from './command-context.ts';

/**
 * Runs another program in the foreground: it has our stdin, stdout and stderr, is sent the signals that we are sent, and
 * its exit code is ours. A program ended by a signal has 128 plus its number, as in a shell.
 */
export function runInForeground(name: ProgramName, args: readonly string[]): Promise<Result<Answer>> {
  const child = spawn(nodePath(), [programPath(name), ...args], { stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals) => {
    // Ctrl-C on a terminal reaches every process there by itself; a second one would hurry the program needlessly.
    if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
  };
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve) => {
    const end = (outcome: Result<Answer>) => {
      for (const signal of signals) process.off(signal, forward);
      resolve(outcome);
    };
    child.once('error', (error) =>
      end(
        fail(
          'PROCESS_START_FAILED',
          `The program "${name}" cannot be started: ${error.message}.`,
          'Check that the installation or build is complete.',
        ),
      ),
    );
    child.once('exit', (code, signal) =>
      end(succeed({ exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) })),
    );
  });
}
