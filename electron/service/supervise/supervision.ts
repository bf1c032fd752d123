import type { LogChunk, LogMatch } from '../../contract/control-api.ts';
import type { Result } from '../../contract/outpost-error.ts';
import type { ProcessReport, RunRecord, WantedState } from '../../contract/process-state.ts';
import type { RunnerSpec } from '../../contract/runner-protocol.ts';

/** A process that the site wants supervised, resolved to what its runner needs. */
export interface DesiredProcess {
  readonly spec: RunnerSpec;
  /**
   * What the site file asks for. An operator's start or stop overrides it and is kept, across restarts of service and
   * runner, until this value itself changes.
   */
  readonly wanted: WantedState;
}

export interface SupervisedProcess {
  readonly report: ProcessReport;
  /** Whether the running process was started from an older spec than the one wanted now. */
  readonly restartNeeded: boolean;
}

/** The service's side of all runners. Reports are what the runners say; the service itself decides no state. */
export interface Supervisor {
  /**
   * Makes the runners match: starts or adopts one for each desired process, hands over changed specs (a running process
   * is left alone until it is restarted), stops and removes those no longer desired. Resolves when every runner has been
   * reached or started; waits for no process to be ready.
   */
  apply(desired: readonly DesiredProcess[]): Promise<void>;
  processes(): readonly SupervisedProcess[];
  /** Called after every change of any report. Returns the way to stop listening. */
  onChange(listener: () => void): () => void;
  /** Each resolves when the process is ready, is proven stopped, or has failed (then with the reason as the error). */
  start(name: string): Promise<Result<ProcessReport>>;
  stop(name: string): Promise<Result<ProcessReport>>;
  restart(name: string): Promise<Result<ProcessReport>>;
  runs(name: string): Promise<Result<readonly RunRecord[]>>;
  /**
   * Stops every process, asked in reverse order of `apply` and the gateway after all others are gone, and ends every
   * runner. The names stopped, or PROCESS_STOP_INCOMPLETE with all that is left.
   */
  shutdownAll(): Promise<Result<readonly string[]>>;
  /** Lets go of the runners; they and their processes live on. */
  close(): void;
}

/** Reads the process logs of a data directory; works whether or not the process runs. */
export interface ProcessLogs {
  read(input: {
    readonly name: string;
    readonly run: number | null;
    readonly fromOffset: number | null;
    readonly lines: number;
  }): Promise<Result<LogChunk>>;
  search(input: {
    readonly name: string;
    readonly run: number | null;
    readonly text: string;
    readonly limit: number;
  }): Promise<Result<readonly LogMatch[]>>;
  follow(
    input: { readonly name: string; readonly run: number | null; readonly fromOffset: number },
    emit: (chunk: LogChunk) => void,
    signal: AbortSignal,
  ): void;
}
