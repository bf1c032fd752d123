import type { Result } from '../contract/outpost-error.ts';
import { fail, succeed } from '../contract/outpost-error.ts';
import type { RunnerEvents, RunnerRequests } from '../contract/runner-protocol.ts';
import { writeFileAtomic } from './atomic-write.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import type { DataPaths } from './data-paths.ts';
import { dataPaths, runnerPaths, socketPath } from './data-paths.ts';
import { connectLocal } from './local-socket-client.ts';
import { isPortFree } from './port-free.ts';
import type { ProcessIdentity, ProcessTrees } from './process-tree.ts';
import { createProcessTrees } from './process-tree.ts';
import { beginStop, stopStep } from './process-tree-stop.ts';
import type { RunnerStateFile } from './runner-state-file.ts';
import { listRunnerNames, readRunnerState } from './runner-state-file.ts';

const LOOK_MS = 100;
const PORT_FREE_MS = 3000;
const DEFAULT_GRACE_MS = 10_000;
/** What a stop may take beyond its grace period: signals to the tree, kill, proof. */
const BEYOND_GRACE_MS = 20_000;
/** How long a runner may take to end by itself once its process is stopped, and then when it is killed. */
const RUNNER_END_MS = 2000;
const RUNNER_KILL_MS = 8000;
const RUNNER_LOOK_MS = 20;

/** Names of all runners of a data directory, living or not. */
export function listRunners(dataRoot: string): readonly string[] {
  return listRunnerNames(dataPaths(dataRoot));
}

/**
 * Stops a supervised process and ends its runner, with or without the service. When no runner answers, what it recorded
 * is stopped directly. Resolves when nothing is left, or with PROCESS_STOP_INCOMPLETE naming what is. What is wanted
 * stays recorded: the next service starts it again.
 */
export async function shutdownRunner(dataRoot: string, name: string): Promise<Result<void>> {
  const paths = dataPaths(dataRoot);
  const trees = createProcessTrees();
  const graceMs = readRunnerState(paths, name)?.run?.stopGraceMs ?? DEFAULT_GRACE_MS;
  const connection = await connectLocal<RunnerRequests, RunnerEvents>(socketPath(dataRoot, `runner-${name}`));
  if (connection.ok) {
    const answer = await connection.value.call('shutdown', {}, graceMs + BEYOND_GRACE_MS);
    connection.value.close();
    if (answer.ok) {
      const ended = await endRunner(paths, name, trees);
      const { error } = answer.value;
      return error ? { ok: false, error } : ended;
    }
  }
  const ended = await endRunner(paths, name, trees);
  if (!ended.ok) return ended;
  return stopRecordedProcess(paths, name, graceMs, trees);
}

/**
 * Stops the process that a dead runner recorded, its whole tree, and proves it. Does nothing when none lives. Must not be
 * called while a runner lives, which would take the end for a crash.
 */
async function stopRecordedProcess(
  paths: DataPaths,
  name: string,
  graceMs: number,
  trees: ProcessTrees = createProcessTrees(),
  clock: Clock = systemClock,
): Promise<Result<void>> {
  const state = readRunnerState(paths, name);
  if (!state?.run || state.bootId !== trees.bootId()) return succeed(undefined);
  const { run } = state;
  const query = { runId: run.runId, leader: run.leader, recorded: state.descendants };
  let progress = beginStop(graceMs, true, clock.nowMs());
  for (;;) {
    const left = await trees.findTree(query);
    const leaderAlive = run.leader !== null && (await trees.isAlive(run.leader));
    const step = stopStep(progress, { left, leaderAlive }, run.leader, clock.nowMs());
    if (step.kind === 'gone') break;
    if (step.kind === 'incomplete') return stopIncomplete(name, await describeAll(left, trees));
    progress = step.progress;
    for (const target of step.targets) {
      // Not allowed to signal it: it then shows up among what is left.
      await trees.signal(target, step.signal).catch(() => false);
    }
    await sleep(LOOK_MS, clock);
  }
  const freed = await portIsFreed(run.host, run.port, clock);
  if (!freed) {
    const holder = run.port === null ? null : await trees.portHolder(run.port);
    return stopIncomplete(
      name,
      `port ${run.port} is still in use${holder ? ` by ${holder.pid} (${holder.command})` : ''}`,
    );
  }
  const after: RunnerStateFile = { ...state, stoppedOutside: true };
  try {
    writeFileAtomic(runnerPaths(paths, name).state, JSON.stringify(after, null, 1), 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    // On a full disk it is stopped all the same; the next runner then takes the end for a crash, and starts it as wanted.
  }
  return succeed(undefined);
}

/**
 * Waits until a runner that was told to end has, and ends one that does not; its process is none of this. Fails when it
 * cannot be ended, because it is stuck in the kernel or belongs to another user.
 */
export async function endRunner(
  paths: DataPaths,
  name: string,
  trees: ProcessTrees,
  clock: Clock = systemClock,
): Promise<Result<void>> {
  const state = readRunnerState(paths, name);
  if (!state || state.bootId !== trees.bootId()) return succeed(undefined);
  const { runner } = state;
  const startMs = clock.monotonicMs();
  while (await trees.isAlive(runner)) {
    const waitedMs = clock.monotonicMs() - startMs;
    if (waitedMs > RUNNER_END_MS + RUNNER_KILL_MS) return stopIncomplete(name, `its runner ${runner.pid} does not end`);
    // Not allowed to signal it: it then lives on until the deadline.
    if (waitedMs > RUNNER_END_MS) await trees.signal(runner, 'SIGKILL').catch(() => false);
    await sleep(RUNNER_LOOK_MS, clock);
  }
  return succeed(undefined);
}

async function portIsFreed(host: string, port: number | null, clock: Clock): Promise<boolean> {
  if (port === null) return true;
  const deadlineMs = clock.monotonicMs() + PORT_FREE_MS;
  for (;;) {
    if (await isPortFree(host, port)) return true;
    if (clock.monotonicMs() > deadlineMs) return false;
    await sleep(LOOK_MS, clock);
  }
}

async function describeAll(left: readonly ProcessIdentity[], trees: ProcessTrees): Promise<string> {
  const words = left.map(async ({ pid }) => `${pid} (${(await trees.describe(pid)) ?? 'unknown command'})`);
  return `still running: ${(await Promise.all(words)).join(', ')}`;
}

function stopIncomplete(name: string, what: string): Result<never> {
  return fail(
    'PROCESS_STOP_INCOMPLETE',
    `${name} is not stopped completely: ${what}.`,
    'End what is left by hand, or restart the computer when it cannot be ended.',
  );
}

function sleep(delayMs: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => void clock.after(delayMs, resolve));
}
