import type { RequestFilter } from '../../contract/request-row.ts';
import type { Deadline } from '../deadline.ts';
import { searchNumbers, updateUnindexed } from '../search-numbers.ts';
import type { NumberRange } from '../number-ranges.ts';
import type { ReaderPartition } from '../reader-partition.ts';
import type { ReaderPartitions } from '../reader-partitions.ts';
import { parseSearch } from '../search-query.ts';
import { BLOCK_ROWS, blockOf } from './column-block.ts';
import { matchBlocks } from './match-blocks.ts';
import type { MatchedBlock } from './match-blocks.ts';
import type { Kind } from './kinds.ts';
import type { Places } from './row-filter.ts';

/** Rows with a searched text that are looked at in counts: more would take too long where a word is in every row. */
const MOST_FOUND = 10_000;

export interface Visited {
  /** Whether a search found more than is counted. */
  readonly isCapped: boolean;
  readonly warnings: readonly string[];
}

/**
 * Shows every block with rows that match the filter, newest first, search included. `newKindTest` replaces the filter's
 * conditions on kinds. Throws DeadlinePassed and SQLite's errors.
 */
export function visitMatches(
  partitions: ReaderPartitions,
  filter: RequestFilter,
  deadline: Deadline,
  visit: (block: MatchedBlock, partition: ReaderPartition) => void,
  newKindTest?: (kind: Kind) => boolean,
): Visited {
  const { expression, notes } = parseSearch(filter.search ?? '', filter.searchIn);
  const warnings = [...notes];
  if (expression === null && (filter.search ?? '').trim() !== '') return { isCapped: false, warnings };
  let searchesLeft = MOST_FOUND;
  let isCapped = false;
  for (const day of partitions.days().toReversed()) {
    if (isCapped) break;
    deadline.check();
    const read = (partition: ReaderPartition): void => {
      const range = wholeBlocks(partition.rangeOf(filter));
      if (range === null) return;
      let leftOut = 0;
      const matching = { filter, newestFirst: true, ...(newKindTest === undefined ? {} : { kindTest: newKindTest }) };
      const hits = expression === null ? null : findText(partition, expression, range);
      for (const block of matchBlocks(partition, range, matching, deadline, ({ low, high }) => {
        leftOut += high - low + 1;
      })) {
        const seen = hits === null ? block : withHits(block, hits);
        if (seen !== null) visit(seen, partition);
      }
      if (leftOut > 0) {
        warnings.push(
          `About ${leftOut} requests of ${day} are not counted: their numbers are still being prepared. Try again in a minute.`,
        );
      }
    };
    partitions.read(day, read, (reason) =>
      warnings.push(`The request log of ${day} cannot be read (${reason}); its requests are not counted.`),
    );
  }
  return { isCapped, warnings };

  function findText(partition: ReaderPartition, text: string, range: NumberRange): ReadonlyMap<number, Uint8Array> {
    warnings.push(...updateUnindexed(partition, deadline));
    const hits = new Map<number, Uint8Array>();
    for (const n of searchNumbers(partition, text, range, true)) {
      if (searchesLeft === 0) {
        isCapped = true;
        break;
      }
      searchesLeft -= 1;
      let places = hits.get(blockOf(n));
      if (places === undefined) hits.set(blockOf(n), (places = new Uint8Array(BLOCK_ROWS)));
      places[n % BLOCK_ROWS] = 1;
    }
    return hits;
  }
}

/** Whole blocks, so that summaries can be used; the conditions on time say exactly what matches. */
function wholeBlocks(range: NumberRange | null): NumberRange | null {
  if (range === null) return null;
  return { low: blockOf(range.low) * BLOCK_ROWS, high: (blockOf(range.high) + 1) * BLOCK_ROWS - 1 };
}

function withHits(block: MatchedBlock, hits: ReadonlyMap<number, Uint8Array>): MatchedBlock | null {
  const isHit = hits.get(block.columns.block);
  if (isHit === undefined) return null;
  return {
    ...block,
    isWhole: false,
    places(): Places {
      const found = block.places();
      let count = 0;
      for (let index = 0; index < found.count; index += 1) {
        const place = found.places[index] as number;
        found.places[count] = place;
        count += isHit[place] as number;
      }
      found.count = count;
      return found;
    },
  };
}
