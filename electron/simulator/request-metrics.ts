import type { Sequence } from './engine.ts';

/** The `metrics` object of an answer, milliseconds. */
export interface RequestMetrics {
  readonly time_to_first_token_ms: number;
  readonly generation_time_ms: number;
  readonly queue_time_ms: number;
  readonly mean_itl_ms: number;
  readonly tokens_per_second: number;
}

/** What the engine measured for one sequence; null before its first token. */
export function measureSequence(sequence: Sequence): RequestMetrics | null {
  const { scheduledAtMs, firstTokenAtMs, lastTokenAtMs, tokens, request } = sequence;
  if (scheduledAtMs === null || firstTokenAtMs === null || lastTokenAtMs === null) return null;
  const generationMs = lastTokenAtMs - firstTokenAtMs;
  const inferenceMs = lastTokenAtMs - scheduledAtMs;
  return {
    time_to_first_token_ms: firstTokenAtMs - scheduledAtMs,
    generation_time_ms: generationMs,
    queue_time_ms: scheduledAtMs - request.arrivedAtMs,
    mean_itl_ms: tokens > 1 ? generationMs / (tokens - 1) : 0,
    tokens_per_second: inferenceMs > 0 ? (tokens * 1000) / inferenceMs : 0,
  };
}
