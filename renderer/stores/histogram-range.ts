import type { RequestHistogram } from '../../electron/contract/request-analysis.ts';
import type { RequestFilter } from '../../electron/contract/request-row.ts';
import { requestStates } from '../../electron/contract/request-states.ts';
import type { RequestState } from '../../electron/contract/request-states.ts';
import type { RequestQuery } from './request-query.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export interface TimeRange {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** What the histogram shows: the times of the filter, else the last day before now or before the end of the filter. */
export function histogramRange({ sinceMs, untilMs }: RequestFilter, nowMs: number): TimeRange {
  const until = untilMs ?? nowMs;
  const since = sinceMs ?? until - DAY_MS;
  // A range that ends before it begins has no requests, and still needs a width.
  return { sinceMs: Math.min(since, until - 1), untilMs: until };
}

/** Which stretch is shown when the filter does not say where it begins, in words; empty when it does. */
export function assumedRangeWords({ since, until }: Pick<RequestQuery, 'since' | 'until'>): string {
  if (since !== '') return '';
  return until === '' ? 'last 24 hours' : 'the 24 hours before the end of the time range';
}

/** The range between two places (0 is left, 1 is right) on a histogram, in their order; null when they are too close. */
export function brushedRange({ sinceMs, untilMs }: TimeRange, from: number, to: number): TimeRange | null {
  const place = (share: number) => Math.round(sinceMs + Math.min(1, Math.max(0, share)) * (untilMs - sinceMs));
  const range = { sinceMs: place(Math.min(from, to)), untilMs: place(Math.max(from, to)) };
  return range.untilMs - range.sinceMs < 1000 || Math.abs(to - from) < 0.005 ? null : range;
}

/** A moment as the address and the fields have it: local, to the second. */
export function localTimeText(timeMs: number): string {
  const local = new Date(timeMs - new Date(timeMs).getTimezoneOffset() * MINUTE_MS);
  return local.toISOString().slice(0, 19);
}

/** Requests in the fullest bucket, all states together; at least 1. */
export function highestBucket({ counts }: RequestHistogram): number {
  const buckets = counts.ok.length;
  const sums = Array.from({ length: buckets }, (_, index) =>
    requestStates.reduce((sum, state) => sum + (counts[state][index] ?? 0), 0),
  );
  return Math.max(1, ...sums);
}

/** Requests of a state in all buckets together. */
export function countInState({ counts }: RequestHistogram, state: RequestState): number {
  return counts[state].reduce((sum, count) => sum + count, 0);
}
