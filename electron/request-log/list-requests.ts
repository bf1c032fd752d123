import type { RequestFilter, RequestPage, RequestPageQuery, RequestSummary } from '../contract/request-row.ts';
import { BLOCK_ROWS } from './columns/column-block.ts';
import { matchBlocks } from './columns/match-blocks.ts';
import { hasColumnConditions } from './columns/row-filter.ts';
import type { Deadline } from './deadline.ts';
import { filterSql } from './filter-sql.ts';
import type { FilterSql } from './filter-sql.ts';
import { growingRanges } from './number-ranges.ts';
import type { NumberRange } from './number-ranges.ts';
import type { ReaderPartition } from './reader-partition.ts';
import type { ReaderPartitions } from './reader-partitions.ts';
import { ROWS_PER_PARTITION } from '../contract/request-states.ts';
import { rowId } from './row-id.ts';
import type { PartitionDay } from './row-id.ts';
import { searchNumbers, updateUnindexed } from './search-numbers.ts';
import { parseSearch } from './search-query.ts';
import { toSummary } from './to-summary.ts';
import type { RequestRow } from './to-summary.ts';

/** One page of rows, partition by partition, until it is full. Throws DeadlinePassed and SQLite's errors. */
export function listRequests(partitions: ReaderPartitions, query: RequestPageQuery, deadline: Deadline): RequestPage {
  const { expression, notes } = parseSearch(query.filter.search ?? '', query.filter.searchIn);
  const isBlank = (query.filter.search ?? '').trim() === '';
  if (expression === null && !isBlank)
    return { rows: [], more: false, ...(notes.length === 0 ? {} : { warnings: notes }) };
  const newestFirst = query.afterId === undefined;
  const sql = filterSql(query.filter);
  const rows: RequestSummary[] = [];
  const warnings: string[] = [...notes];
  const days = newestFirst ? partitions.days().toReversed() : partitions.days();
  for (const day of days) {
    if (rows.length > query.limit) break;
    if (!canHold(day, query)) continue;
    const found = partitions.read(
      day,
      (partition) => {
        const wanted = query.limit + 1 - rows.length;
        return readPartition(partition, query, sql, expression, newestFirst, wanted, deadline, warnings);
      },
      (reason) => warnings.push(`The request log of ${day} cannot be read (${reason}); its rows are not shown.`),
    );
    if (found !== null) rows.push(...found);
  }
  const more = rows.length > query.limit;
  return {
    rows: more ? rows.slice(0, query.limit) : rows,
    more,
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

function canHold(day: PartitionDay, query: RequestPageQuery): boolean {
  if (query.beforeId !== undefined && rowId(day, 0) >= query.beforeId) return false;
  return query.afterId === undefined || rowId(day, ROWS_PER_PARTITION - 1) > query.afterId;
}

function readPartition(
  partition: ReaderPartition,
  query: RequestPageQuery,
  sql: FilterSql,
  expression: string | null,
  newestFirst: boolean,
  wanted: number,
  deadline: Deadline,
  warnings: string[],
): readonly RequestSummary[] {
  const range = rangeOf(partition, query.filter, query);
  if (range === null) return [];
  if (expression !== null) warnings.push(...updateUnindexed(partition, deadline));
  if (hasColumnConditions(query.filter)) {
    const found = findByColumns(partition, range, query.filter, sql, expression, newestFirst, wanted, deadline);
    return found.map((row) => toSummary(row, partition.day));
  }
  const found: RequestRow[] = [];
  for (const piece of growingRanges(range, newestFirst)) {
    deadline.check();
    const limit = wanted - found.length;
    found.push(
      ...(expression === null
        ? readRows(partition, sql, piece, newestFirst, limit)
        : searchRows(partition, sql, expression, piece, newestFirst, limit)),
    );
    if (found.length >= wanted) break;
  }
  return found.map((row) => toSummary(row, partition.day));
}

/**
 * Rows that match any combination of conditions. The columns say which rows can match, so that conditions that never
 * occur together cost no more than reading the columns; the row itself has the last word.
 */
function findByColumns(
  partition: ReaderPartition,
  range: NumberRange,
  filter: RequestFilter,
  sql: FilterSql,
  expression: string | null,
  newestFirst: boolean,
  wanted: number,
  deadline: Deadline,
): readonly RequestRow[] {
  const found: RequestRow[] = [];
  const conditions = sql.conditions.map((condition) => ` AND ${condition}`).join('');
  const lookUp = partition.statement(`SELECT * FROM requests AS r WHERE r.n = ?${conditions}`);
  const take = (n: number): void => {
    const row = lookUp.get(n, ...sql.values) as RequestRow | undefined;
    if (row !== undefined) found.push(row);
  };
  const takeAll = (left: NumberRange): void => {
    for (const piece of growingRanges(left, newestFirst)) {
      deadline.check();
      const limit = wanted - found.length;
      if (limit <= 0) return;
      found.push(
        ...(expression === null
          ? readRows(partition, sql, piece, newestFirst, limit)
          : searchRows(partition, sql, expression, piece, newestFirst, limit)),
      );
    }
  };
  for (const matched of matchBlocks(partition, range, { filter, newestFirst }, deadline, takeAll)) {
    if (found.length >= wanted) break;
    const { places, count } = matched.places();
    if (count === 0) continue;
    const first = matched.columns.block * BLOCK_ROWS;
    if (expression === null) {
      for (let index = 0; index < count && found.length < wanted; index += 1) {
        take(first + (places[newestFirst ? count - 1 - index : index] ?? 0));
      }
      continue;
    }
    const isChosen = new Uint8Array(BLOCK_ROWS);
    for (let index = 0; index < count; index += 1) isChosen[places[index] ?? 0] = 1;
    const within = { low: first + (places[0] ?? 0), high: first + (places[count - 1] ?? 0) };
    for (const n of searchNumbers(partition, expression, within, newestFirst)) {
      if (isChosen[n - first] === 1) take(n);
      if (found.length >= wanted) break;
    }
  }
  return found;
}

function rangeOf(partition: ReaderPartition, filter: RequestFilter, query: RequestPageQuery): NumberRange | null {
  const range = partition.rangeOf(filter);
  if (range === null) return null;
  const first = rowId(partition.day, 0);
  const low = query.afterId === undefined ? range.low : Math.max(range.low, query.afterId - first + 1);
  const high = query.beforeId === undefined ? range.high : Math.min(range.high, query.beforeId - first - 1);
  return low > high ? null : { low, high };
}

function readRows(
  partition: ReaderPartition,
  sql: FilterSql,
  range: NumberRange,
  newestFirst: boolean,
  limit: number,
): readonly RequestRow[] {
  const where = ['r.n BETWEEN ? AND ?', ...sql.conditions].join(' AND ');
  return partition
    .statement(`SELECT * FROM requests AS r ${sql.access} WHERE ${where} ORDER BY r.n ${order(newestFirst)} LIMIT ?`)
    .all(range.low, range.high, ...sql.values, limit) as RequestRow[];
}

function searchRows(
  partition: ReaderPartition,
  sql: FilterSql,
  expression: string,
  range: NumberRange,
  newestFirst: boolean,
  limit: number,
): readonly RequestRow[] {
  const conditions = sql.conditions.map((condition) => ` AND ${condition}`).join('');
  const indexed = partition.hasTextIndex
    ? (partition
        .statement(
          // The text index leads: it yields its rows in the order of n, and each is looked up by number.
          `SELECT r.* FROM words.request_text AS t CROSS JOIN requests AS r ON r.n = t.rowid
           WHERE t.request_text MATCH ? AND t.rowid BETWEEN ? AND ?${conditions}
           ORDER BY t.rowid ${order(newestFirst)} LIMIT ?`,
        )
        .all(expression, range.low, range.high, ...sql.values, limit) as RequestRow[])
    : [];
  const seen = new Set(indexed.map((row) => row.n));
  const lookUp = partition.statement(`SELECT * FROM requests AS r WHERE r.n = ?${conditions}`);
  const added: RequestRow[] = [];
  for (const n of partition.unindexed.find(expression, range, newestFirst)) {
    if (added.length >= limit) break;
    if (seen.has(n)) continue;
    const row = lookUp.get(n, ...sql.values) as RequestRow | undefined;
    if (row !== undefined) added.push(row);
  }
  if (added.length === 0) return indexed;
  return [...indexed, ...added].sort((a, b) => (newestFirst ? b.n - a.n : a.n - b.n)).slice(0, limit);
}

function order(newestFirst: boolean): string {
  return newestFirst ? 'DESC' : 'ASC';
}
