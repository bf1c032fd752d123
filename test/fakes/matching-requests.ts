import type { Percentiles } from '../../electron/contract/request-analysis.ts';
import type { RequestDetail, RequestFilter } from '../../electron/contract/request-row.ts';

/** The rows that the filter lets through, in their order; a search finds a text anywhere in a row. */
export function matchingRequests(rows: readonly RequestDetail[], filter: RequestFilter): readonly RequestDetail[] {
  const { sinceMs = -Infinity, untilMs = Infinity } = filter;
  return rows
    .filter((row) => Date.parse(row.time) >= sinceMs && Date.parse(row.time) < untilMs)
    .filter((row) => filter.model === undefined || row.model === filter.model)
    .filter((row) => filter.feature === undefined || row.feature === filter.feature)
    .filter((row) => filter.server === undefined || row.served_by === filter.server)
    .filter((row) => filter.key === undefined || row.key === filter.key)
    .filter((row) => filter.state === undefined || row.state === filter.state)
    .filter((row) => filter.httpStatus === undefined || row.http_status === filter.httpStatus)
    .filter((row) => filter.search === undefined || JSON.stringify(row).includes(filter.search));
}

/** By the nearest rank; null without any value. */
export function percentilesOf(values: readonly number[]): Percentiles | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
}
