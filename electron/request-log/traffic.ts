import type { RequestFacets, RequestFilter, TrafficStats } from '../contract/request-row.ts';
import type { Deadline } from './deadline.ts';
import { filterSql } from './filter-sql.ts';
import { growingRanges } from './number-ranges.ts';
import { stateNumber } from './row-columns.ts';
import type { ReaderPartition } from './reader-partition.ts';
import type { ReaderPartitions } from './reader-partitions.ts';

/** Facets are counted among this many of the newest rows, which answers at once however large the log is. */
const FACET_ROWS = 20_000;
const FACET_VALUES = 100;
/** Percentiles are taken from at most this many of the newest rows of the window. */
const TTFT_ROWS = 100_000;

const facetColumns = { models: 'model', features: 'feature', servers: 'served_by', keys: 'key_name' } as const;

/** Distinct values among the newest rows inside the filter's time, most frequent first. */
export function readFacets(partitions: ReaderPartitions, filter: RequestFilter, deadline: Deadline): RequestFacets {
  const counts = { models: new Map(), features: new Map(), servers: new Map(), keys: new Map() } as const;
  const time = filterSql({ sinceMs: filter.sinceMs, untilMs: filter.untilMs });
  let rowsLeft = FACET_ROWS;
  for (const day of partitions.days().toReversed()) {
    if (rowsLeft <= 0) break;
    deadline.check();
    const read = (partition: ReaderPartition): void => {
      const range = partition.rangeOf(filter);
      if (range === null) return;
      const low = Math.max(range.low, range.high - rowsLeft + 1);
      rowsLeft -= range.high - low + 1;
      const where = ['n BETWEEN ? AND ?', ...time.conditions].join(' AND ');
      for (const [facet, column] of Object.entries(facetColumns)) {
        const rows = partition
          .statement(
            `SELECT ${column} AS value, count(*) AS rows FROM requests AS r NOT INDEXED
             WHERE ${where} AND ${column} IS NOT NULL GROUP BY 1`,
          )
          .all(low, range.high, ...time.values) as { value: string; rows: number }[];
        const sums = counts[facet as keyof typeof facetColumns];
        for (const { value, rows: found } of rows) sums.set(value, (sums.get(value) ?? 0) + found);
      }
    };
    // A partition that cannot be read has no values to offer; the list of rows says that it is damaged.
    partitions.read(day, read, () => undefined);
  }
  return {
    models: mostFrequent(counts.models),
    features: mostFrequent(counts.features),
    servers: mostFrequent(counts.servers),
    keys: mostFrequent(counts.keys),
  };
}

function mostFrequent(counts: ReadonlyMap<string, number>): readonly string[] {
  return [...counts]
    .sort(([a, rowsA], [b, rowsB]) => rowsB - rowsA || (a < b ? -1 : 1))
    .slice(0, FACET_VALUES)
    .map(([value]) => value);
}

interface Sums {
  readonly requests: number;
  readonly errors: number;
  readonly rejected: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Traffic accepted in the `windowMs` before `nowMs`; `running` counts all that run, whenever they were accepted. */
export function readTraffic(
  partitions: ReaderPartitions,
  windowMs: number,
  nowMs: number,
  deadline: Deadline,
): TrafficStats {
  const sinceMs = nowMs - windowMs;
  const total = { requests: 0, errors: 0, rejected: 0, running: 0, promptTokens: 0, completionTokens: 0 };
  const ttftMs: number[] = [];
  for (const day of partitions.days().toReversed()) {
    deadline.check();
    const read = (partition: ReaderPartition): void => {
      total.running +=
        partition.number('SELECT count(*) FROM requests INDEXED BY requests_running WHERE state = 0') ?? 0;
      const range = partition.rangeOf({ sinceMs });
      if (range === null) return;
      for (const piece of growingRanges(range, true)) {
        deadline.check();
        const sums = partition.statement(sumsSql).get(piece.low, piece.high, sinceMs) as Sums;
        total.requests += sums.requests;
        total.errors += sums.errors;
        total.rejected += sums.rejected;
        total.promptTokens += sums.promptTokens;
        total.completionTokens += sums.completionTokens;
        const values = partition.statement(ttftSql).all(piece.low, piece.high, sinceMs, TTFT_ROWS - ttftMs.length) as {
          ttft_ms: number;
        }[];
        for (const { ttft_ms } of values) ttftMs.push(ttft_ms);
      }
    };
    partitions.read(day, read, () => undefined);
  }
  ttftMs.sort((a, b) => a - b);
  return { windowMs, ...total, ttftP50Ms: percentile(ttftMs, 50), ttftP95Ms: percentile(ttftMs, 95) };
}

const sumsSql = `
  SELECT coalesce(sum(count), 0) AS requests,
    coalesce(sum(count) FILTER (WHERE state = ${stateNumber('error')}), 0) AS errors,
    coalesce(sum(count) FILTER (WHERE state = ${stateNumber('rejected')}), 0) AS rejected,
    coalesce(sum(prompt_tokens), 0) AS promptTokens,
    coalesce(sum(completion_tokens), 0) AS completionTokens
  FROM requests NOT INDEXED WHERE n BETWEEN ? AND ? AND time_ms >= ?`;

const ttftSql = `
  SELECT ttft_ms FROM requests NOT INDEXED
  WHERE n BETWEEN ? AND ? AND time_ms >= ? AND ttft_ms IS NOT NULL ORDER BY n DESC LIMIT ?`;

/** By linear interpolation between the two nearest values, like numpy; null without values. */
export function percentile(sorted: readonly number[], percent: number): number | null {
  const place = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) return null;
  return below + (above - below) * (place - Math.floor(place));
}
