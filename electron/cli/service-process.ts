import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processExists } from '../base/process-exists.ts';
import { createProcessTrees } from '../base/process-tree.ts';

/** How long a service gets to end after SIGTERM, in milliseconds. */
const TERM_MS = 5000;
/** How long SIGKILL may take. */
const KILL_MS = 5000;
const LOOK_MS = 50;

/** Whether the process with this number is a service of Outpost: numbers are used again, so one from a file proves nothing. */
export async function isServiceProcess(pid: number): Promise<boolean> {
  const command = await commandOf(pid);
  return command !== null && /(^|[\\/ ])service\.mjs( |$)/.test(command);
}

/** Resolves with whether the process has ended by the deadline. */
export async function waitForEnd(pid: number, deadlineMs: number): Promise<boolean> {
  const startMs = performance.now();
  while (processExists(pid)) {
    if (performance.now() - startMs > deadlineMs) return false;
    await sleep(LOOK_MS);
  }
  return true;
}

/**
 * Ends a service that does not answer. What it supervises is not touched: that is what runners are for. False when it
 * cannot be ended, because it is stuck in the kernel or belongs to another user.
 */
export async function endService(pid: number): Promise<boolean> {
  if (!send(pid, 'SIGTERM')) return false;
  if (await waitForEnd(pid, TERM_MS)) return true;
  return send(pid, 'SIGKILL') && waitForEnd(pid, KILL_MS);
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    // Gone already is as good as ended.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

async function commandOf(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return createProcessTrees().describe(pid);
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // Gone.
    return null;
  }
}
