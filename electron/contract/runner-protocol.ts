import { z } from 'zod';
import type { ProcessReport, RunRecord } from './process-state.ts';
import type { OutpostError } from './outpost-error.ts';

/**
 * Version of the local protocol between service and runner. A runner keeps running under a newer service, so a request
 * or a field is only ever added; a service must accept every older version.
 */
export const RUNNER_PROTOCOL_VERSION = 1;

/** How a runner learns that its process is ready. */
export const readinessSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('http'), url: z.url(), headers: z.record(z.string(), z.string()).optional() }),
  z.object({ kind: z.literal('tcp'), host: z.string(), port: z.int() }),
  /** Ready as soon as it is spawned: a process without any address. */
  z.object({ kind: z.literal('spawned') }),
]);
export type Readiness = z.infer<typeof readinessSchema>;

/** Everything a runner needs to run its process; written by the service as spec.json (mode 0600, it holds secrets). */
export const runnerSpecSchema = z.object({
  name: z.string(),
  kind: z.enum(['gateway', 'server', 'process']),
  command: z.string(),
  args: z.array(z.string()),
  /** The complete environment of the process; the runner adds OUTPOST_RUN_ID and SPT_NOENV. */
  env: z.record(z.string(), z.string()),
  cwd: z.string().nullable(),
  /** The port the process will bind, or null. Checked to be free before a spawn. */
  port: z.int().nullable(),
  host: z.string(),
  readiness: readinessSchema,
  /** How long a start may take before it counts as failed. */
  readyTimeoutMs: z.int(),
  /** From the polite signal to the leader until the whole tree is signalled. */
  stopGraceMs: z.int(),
  restart: z.object({
    initialDelayMs: z.int(),
    maxDelayMs: z.int(),
    factor: z.number(),
    /** Ready for this long: the delay starts anew. */
    stableAfterMs: z.int(),
    /** Consecutive ends before it counts as failed, or null to never give up. */
    maxAttempts: z.int().nullable(),
  }),
  log: z.object({
    directory: z.string(),
    /** A run's log over this many bytes is cut from its beginning, marked and counted. */
    capBytes: z.int(),
    keepRuns: z.int(),
  }),
  tty: z.boolean(),
  /** A fingerprint of all the above as the service sees it: equal means nothing to apply. */
  fingerprint: z.string(),
});
export type RunnerSpec = z.infer<typeof runnerSpecSchema>;

/** Requests of the runner's local socket; one JSON-RPC-like exchange each, see base/local-socket.ts. */
export interface RunnerRequests {
  hello: {
    params: Record<string, never>;
    result: { protocol: number; version: string; report: ProcessReport; fingerprint: string };
  };
  status: { params: Record<string, never>; result: ProcessReport };
  runs: { params: Record<string, never>; result: readonly RunRecord[] };
  /** Reads spec.json again; the running process is untouched until it is restarted. */
  reload: { params: Record<string, never>; result: ProcessReport };
  /** Each returns at once with the state it led to; follow `report` events for the rest. */
  start: { params: Record<string, never>; result: ProcessReport };
  stop: { params: Record<string, never>; result: ProcessReport };
  restart: { params: Record<string, never>; result: ProcessReport };
  /** Stops the process and its tree, answers when that is proven or has failed, then ends the runner. */
  shutdown: { params: Record<string, never>; result: { readonly error: OutpostError | null } };
}

/** Events that a runner sends to every connected client. */
export interface RunnerEvents {
  report: ProcessReport;
  /** A run's log file grew to this size. */
  log: { runId: string; sizeBytes: number };
}
