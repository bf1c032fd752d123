import { z } from 'zod';
import { keyLimitsSchema } from './key-rules.ts';
import { gatewayLogSchema } from './site-schema.ts';
import { actualStates, wantedStates } from './process-state.ts';

/** A gateway API key: only a digest is stored, since the table and the site's history outlive the key. */
export const routeKeySchema = z.object({
  name: z.string(),
  /** Lower-case hex SHA-256 of the key. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Served model names the key may use, or null for all. */
  models: z.array(z.string()).nullable(),
  /** Features it may use, then none without a feature; null or absent for all. */
  features: z.array(z.string()).nullable().optional(),
  /** First parts of paths below /v1 that it may use; null or absent for all. */
  routes: z.array(z.string()).nullable().optional(),
  expiresAtMs: z.int().nullable().optional(),
  limits: keyLimitsSchema.optional(),
});

export const routeServerSchema = z.object({
  name: z.string(),
  engine: z.string(),
  /** Base URL without trailing slash and without /v1. */
  baseUrl: z.url(),
  /** Sent upstream as the bearer token in place of the client's key, or null. */
  upstreamKey: z.string().nullable(),
  serves: z.array(z.string()),
  wanted: z.enum(wantedStates),
  actual: z.enum(actualStates),
  /** Why it is not ready, in words for the error body, or null. */
  reason: z.string().nullable(),
});
export type RouteServer = z.infer<typeof routeServerSchema>;

export const routeFeatureSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('assigned'), model: z.string() }),
  z.object({ state: z.literal('disabled') }),
  z.object({ state: z.literal('unassigned') }),
]);

/**
 * What the gateway needs to route without the service. Written atomically by the service with mode 0600, since it holds
 * upstream secrets; `version` grows with every write and is what the gateway acknowledges.
 */
export const routeTableSchema = z.object({
  version: z.int().positive(),
  writtenAtMs: z.int(),
  listen: z.array(z.object({ host: z.string(), port: z.int() })).min(1),
  keysRequired: z.boolean(),
  keys: z.array(routeKeySchema),
  servers: z.array(routeServerSchema),
  /** Served model name -> model to try when none of its servers answers. */
  fallbacks: z.record(z.string(), z.string()),
  /** Every feature of the site's GitLab version. */
  features: z.record(z.string(), routeFeatureSchema),
  log: gatewayLogSchema,
  limits: z.object({
    maxBodyBytes: z.int(),
    /** To the upstream's response headers. */
    firstByteTimeoutMs: z.int(),
    /** Between two chunks of an upstream response. */
    idleTimeoutMs: z.int(),
  }),
});
export type RouteTable = z.infer<typeof routeTableSchema>;

/** Requests of the gateway's local socket (base/local-socket.ts). */
export interface GatewayRequests {
  /** Reads the route table from disk; answers with the version now in force (listen addresses excepted: they need a restart). */
  reload: { params: Record<string, never>; result: { version: number } };
  status: { params: Record<string, never>; result: GatewayStatus };
}

export interface GatewayStatus {
  readonly version: number;
  readonly inFlight: number;
  readonly listen: readonly { readonly host: string; readonly port: number }[];
  /** Rows accepted and not yet committed. */
  readonly logLagRows: number;
  /** Why the log cannot be written, or null. */
  readonly logError: string | null;
  /** Requests refused since the log could not be written. */
  readonly unrecorded: number;
}

/** Events of the gateway's local socket. */
export interface GatewayEvents {
  /** Rows were committed; sent at most every 200 ms. */
  committed: { readonly newestId: number };
}
