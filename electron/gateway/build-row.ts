import type { ErrorCode } from '../contract/outpost-error.ts';
import type { ClosedRequest, RequestBodies } from '../contract/request-row.ts';
import type { TokenUsage } from './texts/token-usage.ts';
import { unknownUsage } from './texts/token-usage.ts';

/** How a request ended, as far as its stage knows; what is left out is unknown. */
export interface Outcome {
  readonly state: ClosedRequest['state'];
  /** Null when the client left before it got one. */
  readonly httpStatus: number | null;
  readonly modelServed?: string | null;
  readonly servedBy?: string | null;
  readonly usage?: TokenUsage;
  readonly ttftMs?: number | null;
  readonly queueMs?: number | null;
  readonly finishReason?: string | null;
  readonly retries?: number;
  readonly error?: string | null;
  readonly errorCode?: ErrorCode | null;
  readonly answerText?: string | null;
  readonly chunkTimesMs?: readonly number[] | null;
}

export function buildClosedRow(id: number, outcome: Outcome, durationMs: number, count = 1): ClosedRequest {
  const usage = outcome.usage ?? unknownUsage;
  return {
    id,
    state: outcome.state,
    httpStatus: outcome.httpStatus,
    modelServed: outcome.modelServed ?? null,
    servedBy: outcome.servedBy ?? null,
    promptTokens: usage.promptTokens,
    completionTokens: usage.completionTokens,
    cachedTokens: usage.cachedTokens,
    ttftMs: roundMs(outcome.ttftMs ?? null),
    durationMs: roundMs(durationMs) ?? 0,
    queueMs: roundMs(outcome.queueMs ?? null),
    finishReason: outcome.finishReason ?? null,
    retries: outcome.retries ?? 0,
    error: outcome.error ?? null,
    errorCode: outcome.errorCode ?? null,
    count,
  };
}

export const noBodies: RequestBodies = {
  requestBody: null,
  responseBody: null,
  requestHeaders: {},
  responseHeaders: {},
  chunkTimesMs: null,
  promptText: null,
  answerText: null,
};

/** Microseconds are noise in a time that crossed two processes. */
function roundMs(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000;
}
