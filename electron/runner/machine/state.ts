import type { ProcessIdentity } from '../../base/process-tree.ts';
import type { StopProgress } from '../../base/process-tree-stop.ts';
import type { OutpostError } from '../../contract/outpost-error.ts';
import type { RunRecord } from '../../contract/process-state.ts';
import type { RunnerSpec } from '../../contract/runner-protocol.ts';

/** How many runs are remembered. */
export const KEPT_RUNS = 50;

/** A run that may have living processes. */
export interface LiveRun {
  readonly runId: string;
  readonly leader: ProcessIdentity | null;
  /** Of the spec it was started from, which may have changed since. */
  readonly fingerprint: string;
  readonly host: string;
  readonly port: number | null;
}

export type Phase =
  | { readonly name: 'stopped' }
  /** Given up on. `unproven` is a run whose stop could not be proven: it is stopped again before anything is spawned. */
  | { readonly name: 'failed'; readonly reason: string; readonly unproven: LiveRun | null }
  | { readonly name: 'backing-off'; readonly untilMs: number; readonly reason: string }
  /** Between the decision to spawn and its result. `again`: a restart was asked for meanwhile. */
  | { readonly name: 'spawning'; readonly runId: string; readonly again: boolean }
  | { readonly name: 'starting'; readonly run: LiveRun; readonly deadlineMs: number; readonly note: string | null }
  | { readonly name: 'ready'; readonly run: LiveRun; readonly failingSinceMs: number | null }
  | { readonly name: 'degraded'; readonly run: LiveRun; readonly reason: string }
  | {
      readonly name: 'stopping';
      readonly run: LiveRun;
      readonly progress: StopProgress;
      /** `requested`: by an operator, the site file or a shutdown. `crashed`: what a crash left behind is ended. */
      readonly why: 'requested' | 'crashed';
      readonly reason: string | null;
      /** Since when the tree is gone and only the port is waited for. */
      readonly goneSinceMs: number | null;
    };

export type PhaseName = Phase['name'];

export interface MachineState {
  readonly wanted: 'running' | 'stopped';
  readonly phase: Phase;
  /** The runner is to end as soon as the stop is proven or has failed; whatever is wanted. */
  readonly shuttingDown: boolean;
  /** Number of the newest run; 0 before the first. */
  readonly runNumber: number;
  /** Restarts since the operator last started it. */
  readonly restarts: number;
  /** Consecutive ends without a stable period between them. */
  readonly attempts: number;
  /** Why the run before ended by itself; kept while restarts are counted, since it explains them. */
  readonly lastEnd: string | null;
  /** Newest last; the one still open, if any, is the last. */
  readonly runs: readonly RunRecord[];
}

/** Things that happened. Those of a run carry its id; when it is not the current run they are late and ignored. */
export type MachineEvent =
  | { readonly kind: 'start' | 'stop' | 'restart' | 'shutdown' }
  | { readonly kind: 'spawned'; readonly runId: string; readonly run: LiveRun & { readonly leader: ProcessIdentity } }
  | { readonly kind: 'spawn-failed'; readonly runId: string; readonly reason: string }
  | {
      readonly kind: 'exited';
      readonly runId: string;
      readonly code: number | null;
      readonly signal: string | null;
      /** False when nobody could read the exit status, as of a process adopted from a dead runner. */
      readonly statusKnown: boolean;
      readonly logTail: string | null;
    }
  | { readonly kind: 'probed'; readonly runId: string; readonly healthy: boolean; readonly detail: string }
  | {
      /** The tree was looked at. */
      readonly kind: 'looked';
      readonly runId: string;
      readonly leaderAlive: boolean;
      readonly left: readonly ProcessIdentity[];
      /** What is left, in words. */
      readonly leftWords: string;
      /** Who still holds the port though the tree is gone, in words, or null. */
      readonly portHolder: string | null;
    }
  /** Time passed; `logTail` is given when a start may have run out of time. */
  | { readonly kind: 'tick'; readonly logTail: string | null }
  | {
      /** A new runner found what a dead one left; `leader` is null when the process of the open run lives no more. */
      readonly kind: 'adopt';
      readonly leader: ProcessIdentity | null;
      /** How many other processes of the open run live. */
      readonly left: number;
      readonly rebooted: boolean;
      /** Stopped and proven so while it had no runner. */
      readonly stoppedOutside: boolean;
      readonly logTail: string | null;
    };

export type Effect =
  /** Spawn this run and report `spawned` or `spawn-failed`. */
  | { readonly kind: 'spawn'; readonly runId: string; readonly number: number }
  | {
      readonly kind: 'signal';
      readonly signal: 'SIGTERM' | 'SIGKILL';
      readonly targets: readonly ProcessIdentity[];
    }
  /** Look at the tree and report `looked`. */
  | { readonly kind: 'look'; readonly run: LiveRun }
  /** Answer the shutdown and end the runner. */
  | { readonly kind: 'end'; readonly error: OutpostError | null };

export interface Outcome {
  readonly state: MachineState;
  readonly effects: readonly Effect[];
  /** Why a request was refused; the state is then unchanged. */
  readonly refused: OutpostError | null;
}

/** What stays the same during one decision. */
export interface Given {
  /** The spec in force. */
  readonly spec: RunnerSpec;
  readonly nowMs: number;
  /** Names a run; unique over all runs of the machine. */
  readonly runId: (number: number) => string;
  /** Absolute path of the log of a run. */
  readonly logPath: (number: number) => string;
}

export function initialState(wanted: 'running' | 'stopped', runNumber: number): MachineState {
  return {
    wanted,
    phase: { name: 'stopped' },
    shuttingDown: false,
    runNumber,
    restarts: 0,
    attempts: 0,
    lastEnd: null,
    runs: [],
  };
}

/** The run that may have living processes, or null. */
export function liveRun(phase: Phase): LiveRun | null {
  switch (phase.name) {
    case 'starting':
    case 'ready':
    case 'degraded':
    case 'stopping':
      return phase.run;
    case 'failed':
      return phase.unproven;
    case 'stopped':
    case 'backing-off':
    case 'spawning':
      return null;
  }
}

/** Names the run that is being spawned or may have living processes, or null. */
export function currentRunId(phase: Phase): string | null {
  return phase.name === 'spawning' ? phase.runId : (liveRun(phase)?.runId ?? null);
}

/** When time alone changes something, or null. A stop in progress looks again by itself. */
export function nextTickMs(state: MachineState): number | null {
  if (state.phase.name === 'starting') return state.phase.deadlineMs;
  if (state.phase.name === 'backing-off') return state.phase.untilMs;
  return null;
}
