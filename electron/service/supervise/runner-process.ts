import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { RUN_ID_VARIABLE } from '../../base/process-tree.ts';

/** A runner says little; what is beyond this is of no use any more. */
const LOG_CAP_BYTES = 1024 * 1024;

/** There is one runner per process, and each does next to nothing: memory counts, speed does not. */
const frugal = ['--lite-mode', '--max-semi-space-size=1'];

/** Where runners come from. */
export interface RunnerProgram {
  /** Absolute path of Node 24. */
  readonly node: string;
  /** Absolute path of the runner's bundle. */
  readonly program: string;
}

/**
 * Starts a runner that outlives this process: a session of its own, no pipe to us, its words in runner.log beside the
 * logs of its runs. Does not wait for it.
 */
export function startRunner(runner: RunnerProgram, dataRoot: string, name: string, logFolder: string): void {
  mkdirSync(logFolder, { recursive: true, mode: 0o700 });
  const log = path.join(logFolder, 'runner.log');
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > LOG_CAP_BYTES) renameSync(log, `${log}.old`);
  const descriptor = openSync(log, 'a', 0o600);
  try {
    const child = spawn(runner.node, [...frugal, runner.program, '--data', dataRoot, '--name', name], {
      detached: true,
      stdio: ['ignore', descriptor, descriptor],
      env: runnerEnvironment(process.env),
      cwd: dataRoot,
      windowsHide: true,
    });
    // Whether it works shows when it answers on its socket, or does not.
    child.once('error', () => undefined);
    child.unref();
  } finally {
    closeSync(descriptor);
  }
}

/** Our own environment without what would mark the runner as part of a run, or change how its Node works. */
function runnerEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = { ...env };
  for (const name of [RUN_ID_VARIABLE, 'NODE_OPTIONS', 'NODE_CHANNEL_FD', 'NODE_UNIQUE_ID']) delete kept[name];
  return kept;
}
