import type { Clock } from '../base/clock.ts';
import type { RequestLog } from '../request-log/request-log.ts';
import type { Exchange } from './exchange.ts';
import type { FloodCounter } from './flood-counter.ts';
import type { KeyLimiter } from './limits/key-limiter.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { OpenedRequest } from '../contract/request-row.ts';
import type { OutpostError } from '../contract/outpost-error.ts';
import type { Routing } from './routing.ts';
import type { UnrecordedRequests } from './unrecorded.ts';
import type { UpstreamPools } from './upstream/upstream-pools.ts';

/** A rejected request that is counted instead of getting a row of its own. */
export interface RejectedExample {
  readonly row: Omit<OpenedRequest, 'id'>;
  readonly error: OutpostError;
  readonly httpStatus: number;
}

/** What all requests share. */
export interface GatewayContext {
  readonly clock: Clock;
  readonly log: RequestLog;
  readonly pools: UpstreamPools;
  readonly metrics: GatewayMetrics;
  readonly floods: FloodCounter<RejectedExample>;
  readonly unrecorded: UnrecordedRequests;
  readonly keyLimiter: KeyLimiter;
  readonly active: Set<Exchange>;
  /** Requests at each model server that have not ended. */
  readonly outstanding: Map<string, number>;
  /** The table in force; a request keeps the one it began with. */
  routing(): Routing;
  isStopping(): boolean;
  /** Counts up, so that equal servers take turns. */
  nextTurn(): number;
  warn(event: Readonly<Record<string, unknown>>, message: string): void;
}
