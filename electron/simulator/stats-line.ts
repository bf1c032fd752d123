import type { EngineGauges } from './engine-families.ts';

/** Totals since the start, as one reading of the counters. */
export interface StatsReading {
  readonly promptTokensComputed: number;
  readonly generationTokens: number;
  readonly cacheQueries: number;
  readonly cacheHits: number;
}

export interface StatsState {
  readonly previous: StatsReading;
  /** Whether the last interval moved no token. */
  readonly wasIdle: boolean;
}

/** The periodic line for one interval, null when nothing moved in this and the last, and the state for the next. */
export function nextStatsLine(
  state: StatsState,
  reading: StatsReading,
  gauges: EngineGauges,
  intervalSeconds: number,
): { readonly line: string | null; readonly state: StatsState } {
  const prompt = (reading.promptTokensComputed - state.previous.promptTokensComputed) / intervalSeconds;
  const generation = (reading.generationTokens - state.previous.generationTokens) / intervalSeconds;
  const isIdle = prompt === 0 && generation === 0;
  const hitRate = reading.cacheQueries === 0 ? 0 : (100 * reading.cacheHits) / reading.cacheQueries;
  const line =
    `Engine 000: Avg prompt throughput: ${prompt.toFixed(1)} tokens/s, ` +
    `Avg generation throughput: ${generation.toFixed(1)} tokens/s, ` +
    `Running: ${gauges.running} reqs, Waiting: ${gauges.waiting} reqs, ` +
    `GPU KV cache usage: ${(100 * gauges.kvCacheUsage).toFixed(1)}%, Prefix cache hit rate: ${hitRate.toFixed(1)}%`;
  return { line: isIdle && state.wasIdle ? null : line, state: { previous: reading, wasIdle: isIdle } };
}
