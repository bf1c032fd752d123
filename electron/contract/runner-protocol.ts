import type { OutpostError } from './outpost-error.ts';
import type { ProcessKind, ProcessReport, RunRecord, WantedState } from './process-state.ts';

/**
 * Version of the local protocol between service and runner. A runner keeps running under a newer service, so a request
 * or a field is only ever added; a service must accept every older version.
 */
export const RUNNER_PROTOCOL_VERSION = 1;

/** How a runner learns that its process is ready. */
export type Readiness =
  /** A plain-HTTP GET that answers 200. */
  | { readonly kind: 'http'; readonly url: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** Ready as soon as it is spawned: a process without any address. */
  | { readonly kind: 'spawned' };

/**
 * Everything a runner needs to run its process. Plain types instead of a schema, since a schema library would be a
 * fifth of a runner's memory: the service is the only writer, the runner reads leniently.
 */
export interface RunnerSpec {
  readonly name: string;
  readonly kind: ProcessKind;
  readonly command: string;
  readonly args: readonly string[];
  /** The complete environment of the process; the runner adds OUTPOST_RUN_ID and SPT_NOENV. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | null;
  /** The port the process will bind, or null. Checked to be free before a spawn. */
  readonly port: number | null;
  /** The address it will bind that port on. */
  readonly host: string;
  readonly readiness: Readiness;
  /** How long a start may take before it counts as failed. */
  readonly readyTimeoutMs: number;
  /** From the polite signal to the leader until the whole tree is signalled. */
  readonly stopGraceMs: number;
  readonly restart: RestartPolicy;
  readonly log: {
    readonly directory: string;
    /** A run's log over this many bytes is cut from its beginning, marked and counted. */
    readonly capBytes: number;
    readonly keepRuns: number;
  };
  /** A fingerprint of all the above as the service sees it: equal means nothing to apply. */
  readonly fingerprint: string;
}

export interface RestartPolicy {
  /** Before the first restart; 0 restarts at once. */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  readonly factor: number;
  /** Ready for this long: the delay starts anew. */
  readonly stableAfterMs: number;
  /** Consecutive ends before it counts as failed, or null to never give up. */
  readonly maxAttempts: number | null;
}

/** Content of spec.json (mode 0600, since it holds secrets). */
export interface RunnerSpecFile extends RunnerSpec {
  /** What a runner without any state of its own begins with. */
  readonly wanted: WantedState;
}

/** Requests of the runner's local socket; one JSON-RPC-like exchange each, see base/local-socket.ts. */
export interface RunnerRequests {
  hello: {
    params: Record<string, never>;
    /** `fingerprint` is that of the spec the runner holds; the report has the one of the running process. */
    result: { protocol: number; version: string; report: ProcessReport; fingerprint: string };
  };
  status: { params: Record<string, never>; result: ProcessReport };
  runs: { params: Record<string, never>; result: readonly RunRecord[] };
  /** Reads spec.json again; the running process is untouched until it is restarted. */
  reload: { params: Record<string, never>; result: ProcessReport };
  /** Each answers at once with the state it led to, or why it is refused; follow `report` events for the rest. */
  start: { params: Record<string, never>; result: RequestAnswer };
  stop: { params: Record<string, never>; result: RequestAnswer };
  restart: { params: Record<string, never>; result: RequestAnswer };
  /**
   * Stops the process and its tree, answers when that is proven or has failed, then ends the runner. The wanted state
   * stays as it is, so that the next runner starts again what was wanted running.
   */
  shutdown: { params: Record<string, never>; result: { readonly error: OutpostError | null } };
}

export interface RequestAnswer {
  readonly report: ProcessReport;
  /** Why the request was refused, or null. */
  readonly error: OutpostError | null;
}

/** Events that a runner sends to every connected client. */
export interface RunnerEvents {
  report: ProcessReport;
  /** A run's log grew to this size, counted from the start of the run. */
  log: { runId: string; sizeBytes: number };
}
