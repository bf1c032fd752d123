import type { RequestPage, RequestPageQuery } from '../contract/request-row.ts';
import { BLOCK_ROWS, NO_TOKENS, tokensOf } from './columns/column-block.ts';
import type { BlockColumns } from './columns/column-block.ts';
import { visitMatches } from './columns/visit-matches.ts';
import type { Deadline } from './deadline.ts';
import type { ReaderPartitions } from './reader-partitions.ts';
import { dayOfRow, numberOfRow, rowId } from './row-id.ts';
import { toSummary } from './to-summary.ts';
import type { RequestRow } from './to-summary.ts';

export type SortOrder = Exclude<NonNullable<RequestPageQuery['sort']>, 'newest'>;

interface Candidate {
  readonly id: number;
  readonly value: number;
}

/** The matching rows with the largest values, largest first; of equal ones the newest first. */
export function listLargest(
  partitions: ReaderPartitions,
  query: RequestPageQuery,
  sort: SortOrder,
  deadline: Deadline,
): RequestPage {
  let best: Candidate[] = [];
  let matching = 0;
  // Below it nothing can get onto the page any more.
  let least = -Infinity;
  const { isCapped, warnings } = visitMatches(partitions, query.filter, deadline, (block, partition) => {
    const { places, count } = block.places();
    const valueAt = valuesOf(block.columns, sort);
    const firstId = rowId(partition.day, block.columns.block * BLOCK_ROWS);
    for (let index = count - 1; index >= 0; index -= 1) {
      const place = places[index] as number;
      const value = valueAt(place);
      if (Number.isNaN(value)) continue;
      matching += 1;
      // Newer rows were seen before, so an equal value is no better.
      if (value <= least) continue;
      best.push({ id: firstId + place, value });
      if (best.length < query.limit * 4 + 1000) continue;
      best = largest(best, query.limit);
      least = best.at(-1)?.value ?? -Infinity;
    }
  });
  const rows = largest(best, query.limit).flatMap(({ id }) => {
    const row = partitions.read(
      dayOfRow(id),
      (partition) => partition.statement('SELECT * FROM requests WHERE n = ?').get(numberOfRow(id)),
      () => undefined,
    ) as RequestRow | undefined | null;
    return row == null ? [] : [toSummary(row, dayOfRow(id))];
  });
  const told = isCapped ? [...warnings, 'Only the newest 10,000 requests with the text were sorted.'] : warnings;
  return { rows, more: matching > rows.length, ...(told.length === 0 ? {} : { warnings: told }) };
}

function largest(candidates: Candidate[], limit: number): Candidate[] {
  return candidates.sort((a, b) => b.value - a.value || b.id - a.id).slice(0, limit);
}

function valuesOf(columns: BlockColumns, sort: SortOrder): (place: number) => number {
  if (sort === 'tokens') {
    const prompt = columns.prompt();
    const completion = columns.completion();
    return (place) => tokensOf(prompt[place] ?? NO_TOKENS, completion[place] ?? NO_TOKENS);
  }
  const values = sort === 'ttft' ? columns.ttft() : columns.duration();
  return (place) => values[place] ?? NaN;
}
