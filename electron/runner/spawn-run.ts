import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, writeSync } from 'node:fs';
import { isPortFree } from '../base/port-free.ts';
import type { ProcessIdentity, ProcessTrees } from '../base/process-tree.ts';
import { RUN_ID_VARIABLE } from '../base/process-tree.ts';
import type { RunnerSpec } from '../contract/runner-protocol.ts';

export type SpawnResult =
  | { readonly ok: true; readonly child: ChildProcess; readonly leader: ProcessIdentity }
  /** `reason` is a sentence with the next step. */
  | { readonly ok: false; readonly reason: string };

/**
 * Spawns a run in a session of its own without a terminal, its output appended straight to its log: nothing of it passes
 * through the runner, whose death it does not notice. Never rejects.
 */
export async function spawnRun(
  spec: RunnerSpec,
  runId: string,
  logFile: string,
  trees: ProcessTrees,
): Promise<SpawnResult> {
  const { O_APPEND, O_CREAT, O_WRONLY } = constants;
  let log: number;
  try {
    log = openSync(logFile, O_APPEND | O_CREAT | O_WRONLY, 0o600);
  } catch (error) {
    return {
      ok: false,
      reason: `its log ${logFile} cannot be written: ${(error as Error).message}. Free disk space or correct the permissions.`,
    };
  }
  try {
    const busy = await describeBusyPort(spec, trees);
    const result = busy === null ? await spawnChild(spec, runId, log, trees) : ({ ok: false, reason: busy } as const);
    // Whoever reads the log of this attempt finds out there as well why it is empty.
    if (!result.ok) noteReason(log, result.reason);
    return result;
  } finally {
    closeSync(log);
  }
}

function noteReason(log: number, reason: string): void {
  try {
    writeSync(log, `[outpost] Could not be started: ${reason}\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    // The disk is full; the reason is in the state of the run as well.
  }
}

async function describeBusyPort(spec: RunnerSpec, trees: ProcessTrees): Promise<string | null> {
  if (spec.port === null || (await isPortFree(spec.host, spec.port))) return null;
  const holder = await trees.portHolder(spec.port);
  const by = holder ? `by process ${holder.pid} (${holder.command})` : 'by a process that cannot be seen from here';
  return `port ${spec.port} is in use ${by}. End that process, or give ${spec.name} another port.`;
}

function spawnChild(spec: RunnerSpec, runId: string, log: number, trees: ProcessTrees): Promise<SpawnResult> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => resolve({ ok: false, reason: describeSpawnError(spec, error) });
    let child: ChildProcess;
    try {
      child = spawn(spec.command, [...spec.args], {
        detached: true,
        stdio: ['ignore', log, log],
        // SPT_NOENV keeps Python's setproctitle, which vLLM uses, from overwriting the environment we search for.
        env: { ...spec.env, [RUN_ID_VARIABLE]: runId, SPT_NOENV: '1' },
        windowsHide: true,
        ...(spec.cwd === null ? {} : { cwd: spec.cwd }),
      });
    } catch (error) {
      failed(error as NodeJS.ErrnoException);
      return;
    }
    child.once('error', failed);
    child.once('spawn', () => {
      const pid = child.pid ?? 0;
      // A process that ended within this instant has no start time any more; its exit event follows.
      void trees.identify(pid).then((leader) => resolve({ ok: true, child, leader: leader ?? { pid, startTime: '' } }));
    });
  });
}

function describeSpawnError(spec: RunnerSpec, error: NodeJS.ErrnoException): string {
  if (spec.cwd !== null && !existsSync(spec.cwd)) {
    return `its working folder ${spec.cwd} does not exist. Create it or correct the setting.`;
  }
  switch (error.code) {
    case 'ENOENT':
      return `the program ${spec.command} was not found. Install it, or correct its path in the site file.`;
    case 'EACCES':
      return `the program ${spec.command} may not be executed (permission denied). Make it executable, or correct its path.`;
    case 'E2BIG':
      return 'its command line and environment are too long for the system. Shorten them.';
    case 'EAGAIN':
    case 'EMFILE':
    case 'ENFILE':
      return `the system has no room for another process (${error.code}). End something else, or raise the limits.`;
    default:
      return `${error.message}. Check the command in the site file.`;
  }
}
