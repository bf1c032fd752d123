export const wantedStates = ['running', 'stopped', 'on-demand'] as const;
/** What the site file and the operator's last start or stop ask for. */
export type WantedState = (typeof wantedStates)[number];

export const actualStates = [
  'stopped',
  'starting',
  'ready',
  'degraded',
  'hung',
  'stopping',
  'backing-off',
  'failed',
  'lost',
] as const;
/** What is true of a supervised process. `lost`: its runner does not answer. */
export type ActualState = (typeof actualStates)[number];

export type ProcessKind = 'gateway' | 'server' | 'process';

export type RunEndCause =
  | 'stopped' // an operator or the site file asked for it
  | 'exited' // ended by itself
  | 'start-failed' // ended, or was given up on, before it was ready
  | 'unknown'; // ended while no runner watched

/** One life of a supervised process, from spawn to exit. Times are UTC epoch milliseconds. */
export interface RunRecord {
  readonly runId: string;
  /** 1 for the first run of this process on this site, then counting up. */
  readonly number: number;
  /** Null when it could not even be spawned. */
  readonly pid: number | null;
  readonly spawnedAtMs: number;
  /** When the health check first answered, or null. */
  readonly readyAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Exit code, or null when it is unknown, a signal ended it, or it still runs. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly cause: RunEndCause | null;
  /** Why it ended, in words, or null while it runs. */
  readonly reason: string | null;
  /** Absolute path of the log file of this run. */
  readonly logPath: string;
}

/** A process as a runner reports it. */
export interface ProcessReport {
  readonly name: string;
  readonly kind: ProcessKind;
  readonly wanted: WantedState;
  readonly actual: ActualState;
  /** The supervised process itself, not its runner; null when it does not run. */
  readonly pid: number | null;
  readonly runnerPid: number;
  readonly port: number | null;
  /** Restarts since the operator last started it. */
  readonly restarts: number;
  readonly spawnedAtMs: number | null;
  readonly readyAtMs: number | null;
  /** Start of the next attempt while backing off, else null. */
  readonly nextAttemptAtMs: number | null;
  /** Why it is in this state, in words, or null when there is nothing to explain. */
  readonly reason: string | null;
  readonly runId: string | null;
  readonly runNumber: number;
  /** Fingerprint of the spec that the running process was started from, null when none runs; older runners leave it out. */
  readonly runFingerprint?: string | null;
}
