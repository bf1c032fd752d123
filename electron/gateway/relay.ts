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

/** Writes to the client and lets the model server wait while the client cannot take more. */
export function writeWithBackPressure({ exchange: { res }, call }: RelayStart, chunk: Buffer): void {
  if (res.destroyed || res.write(chunk)) return;
  call.pause();
  // `drain` may come several times; one pause needs one resume.
  if (res.listenerCount('drain') === 0) res.once('drain', () => call.resume());
}
