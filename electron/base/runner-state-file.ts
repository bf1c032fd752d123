import { readdirSync, readFileSync } from 'node:fs';
import type { WantedState } from '../contract/process-state.ts';
import type { DataPaths } from './data-paths.ts';
import { runnerPaths } from './data-paths.ts';
import type { ProcessIdentity } from './process-tree.ts';

/**
 * What a runner keeps on disk, so that its process can be found without it. `machine` is the runner's own; the rest is
 * for whoever has to stop the process when no runner answers.
 */
export interface RunnerStateFile<Machine = unknown> {
  readonly version: 1;
  readonly name: string;
  readonly bootId: string;
  readonly runner: ProcessIdentity;
  readonly socketPath: string;
  /** What the spec wanted when it was last looked at: a change of that is a request, an operator's own stands otherwise. */
  readonly specWanted: WantedState;
  /** The run that may have living processes; written before they are spawned. */
  readonly run: {
    readonly runId: string;
    readonly leader: ProcessIdentity | null;
    readonly host: string;
    readonly port: number | null;
    readonly stopGraceMs: number;
  } | null;
  /** Processes seen below the leader, alive or not. */
  readonly descendants: readonly ProcessIdentity[];
  /** The run was stopped, and that was proven, while no runner was there to note it. */
  readonly stoppedOutside: boolean;
  readonly machine: Machine;
}

/** Null when there is none or it is not readable as one, which then counts as "never ran". */
export function readRunnerState(paths: DataPaths, name: string): RunnerStateFile | null {
  try {
    const state = JSON.parse(readFileSync(runnerPaths(paths, name).state, 'utf8')) as RunnerStateFile;
    return state.version === 1 ? state : null;
  } catch {
    // Missing before the first run. Files are replaced in one step, so a broken one was broken by hand.
    return null;
  }
}

/** Names that have a runner folder in this data directory, whether or not a runner lives. */
export function listRunnerNames(paths: DataPaths): readonly string[] {
  try {
    return readdirSync(paths.runners, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch {
    // No such folder before the first process.
    return [];
  }
}
