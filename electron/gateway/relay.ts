import type { OutpostError } from '../contract/outpost-error.ts';
import type { Attempt } from './plan-attempts.ts';
import type { Exchange } from './exchange.ts';
import type { UpstreamFailure } from './upstream/explain-failure.ts';
import type { UpstreamCall } from './upstream/send-upstream.ts';

/** Carries one response from a model server to the client. */
export interface Relay {
  onData(chunk: Buffer): void;
  onEnd(): void;
  onFailure(failure: UpstreamFailure): void;
  onClientGone(): void;
  /** The gateway has to stop; the client is told as far as that is still possible. */
  onCut(error: OutpostError): void;
}

/** The beginning of a response, and what led to it. */
export interface RelayStart {
  readonly exchange: Exchange;
  readonly call: UpstreamCall;
  readonly attempt: Attempt;
  readonly status: number;
  /** For the client: upstream's with the gateway's own. */
  readonly headers: readonly string[];
  readonly queueMs: number;
  readonly retries: number;
  /** Whether the gateway asked for token counts that the client does not know of. */
  readonly stripUsage: boolean;
}

/**
 * Writes to the client and lets the model server wait while the client cannot take more. A client that takes nothing for
 * as long as a model server may be silent is cut off: it would hold a place at the model server for ever.
 */
export function writeWithBackPressure({ exchange, call }: RelayStart, chunk: Buffer): void {
  const { res, context, routing } = exchange;
  if (res.destroyed || res.write(chunk)) return;
  call.pause();
  // One pause needs one resume, however much is written meanwhile.
  if (res.listenerCount('drain') > 0) return;
  const cancel = context.clock.after(routing.table.limits.idleTimeoutMs, () => res.destroy());
  res.once('close', cancel);
  res.once('drain', () => {
    cancel();
    res.off('close', cancel);
    call.resume();
  });
}
