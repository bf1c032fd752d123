import type { ActualState, ProcessKind, WantedState } from './process-state.ts';

/** A process as `outpost status --json` prints it: a contract with scripts, fields may only be added. */
export interface ProcessStatus {
  readonly name: string;
  readonly kind: ProcessKind;
  /** Engine of a model server; "outpost" for the gateway, "command" for other processes. */
  readonly engine: string;
  readonly wanted: WantedState;
  readonly actual: ActualState;
  /** The process itself, not its runner. */
  readonly pid: number | null;
  readonly port: number | null;
  readonly restarts: number;
  /** ISO 8601 UTC, or null. */
  readonly ready_at: string | null;
  readonly spawned_at: string | null;
  /** ISO 8601 UTC start of the next attempt while backing off. */
  readonly next_attempt_at: string | null;
  readonly reason: string | null;
  readonly serves: readonly string[];
  readonly simulated: boolean;
  readonly run: number;
  /** Whether a changed configuration waits for a restart of this process. */
  readonly restart_needed: boolean;
}

/** A GPU as the driver reports it; unknown is null, never 0. Memory in bytes. */
export interface GpuStatus {
  readonly index: number;
  readonly name: string;
  readonly memory_total_bytes: number | null;
  readonly memory_used_bytes: number | null;
  readonly utilization_percent: number | null;
}

export interface SiteStatus {
  readonly site: string;
  readonly service: { readonly pid: number; readonly version: string };
  readonly processes: readonly ProcessStatus[];
  readonly gpus: readonly GpuStatus[];
  /** Why no GPU is listed, in words, or null when some are. */
  readonly gpus_note: string | null;
  /** Base URLs of the gateway. */
  readonly gateway: readonly string[];
  readonly site_file: SiteFileState;
}

export interface SiteFileState {
  readonly path: string;
  /** Number of the change in force, counting from 1. */
  readonly revision: number;
  /** Why the file on disk is not in force, or null when it is. */
  readonly problems: readonly SiteProblem[] | null;
}

/** One reason why a site file is refused. */
export interface SiteProblem {
  /** 1-based, or null when it cannot be told. */
  readonly line: number | null;
  readonly column: number | null;
  /** Dotted path such as servers[0].port, or empty. */
  readonly path: string;
  readonly reason: string;
}

export interface SiteEvent {
  readonly id: number;
  readonly timeMs: number;
  readonly level: 'info' | 'warning' | 'error';
  /** The process concerned, or null. */
  readonly process: string | null;
  readonly text: string;
}
