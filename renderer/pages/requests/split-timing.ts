import type { RequestSummary } from '../../../electron/contract/request-row.ts';

export interface TimingPart {
  readonly name: 'queue' | 'first' | 'rest';
  readonly label: string;
  readonly ms: number;
}

/** The parts that make up a request's duration, in order; only the known ones. Empty while it has no duration. */
export function splitTiming(row: Pick<RequestSummary, 'queue_ms' | 'ttft_ms' | 'duration_ms'>): readonly TimingPart[] {
  const { queue_ms: queue, ttft_ms: ttft, duration_ms: duration } = row;
  if (duration === null) return [];
  const waited = Math.min(queue ?? 0, duration);
  const first = ttft === null ? null : Math.max(0, ttft - waited);
  const rest = Math.max(0, duration - waited - (first ?? 0));
  return [
    ...(queue === null ? [] : [{ name: 'queue', label: 'Waiting in Outpost', ms: waited } as const]),
    ...(first === null ? [] : [{ name: 'first', label: 'Until the first token', ms: first } as const]),
    { name: 'rest', label: first === null ? 'Model server' : 'Rest of the answer', ms: rest },
  ];
}

export interface GapSummary {
  readonly medianMs: number | null;
  readonly longestMs: number | null;
}

/** How evenly the pieces of a stream came. */
export function summarizeGaps(timesMs: readonly number[]): GapSummary {
  const gaps = timesMs.slice(1).map((time, index) => time - (timesMs[index] ?? 0));
  const sorted = gaps.toSorted((a, b) => a - b);
  return {
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? null,
    longestMs: sorted.at(-1) ?? null,
  };
}
