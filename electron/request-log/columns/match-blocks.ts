import type { RequestFilter } from '../../contract/request-row.ts';
import type { Deadline } from '../deadline.ts';
import type { NumberRange } from '../number-ranges.ts';
import type { ReaderPartition } from '../reader-partition.ts';
import { startOfDayMs } from '../row-id.ts';
import { BLOCK_ROWS } from './column-block.ts';
import type { BlockColumns } from './column-block.ts';
import type { Kind } from './kinds.ts';
import { findPlaces, judgeBlock, kindTest, newPlaces, numberConditions } from './row-filter.ts';
import type { Places } from './row-filter.ts';

/** A block with rows that match. */
export interface MatchedBlock {
  readonly columns: BlockColumns;
  /** For each code of the block, 1 when its kind matches. */
  readonly chosen: Uint8Array;
  /** Whether every row of a chosen kind matches, so that the summary is enough. */
  readonly isWhole: boolean;
  /** The matching rows. Overwritten by the next call for any block. */
  places(): Places;
}

export interface Matching {
  readonly filter: RequestFilter;
  readonly newestFirst: boolean;
  /** In place of the filter's own conditions on the values of a kind. */
  readonly kindTest?: (kind: Kind) => boolean;
}

const shared = newPlaces();

/**
 * Blocks of a partition with rows that match a filter, its text aside. Blocks that would take too long to make from rows
 * are given to `onLeftOut` instead.
 */
export function* matchBlocks(
  partition: ReaderPartition,
  range: NumberRange,
  matching: Matching,
  deadline: Deadline,
  onLeftOut: (range: NumberRange) => void,
): Generator<MatchedBlock> {
  const conditions = numberConditions(matching.filter);
  const test = matching.kindTest ?? kindTest(matching.filter);
  const { columns } = partition;
  const dayStartMs = startOfDayMs(partition.day);
  let kindMatches: Uint8Array = new Uint8Array(0);
  for (const block of columns.blocks(range, matching.newestFirst, deadline)) {
    if (!('summary' in block)) {
      onLeftOut(block);
      continue;
    }
    const judged = judgeBlock(block, conditions);
    if (judged === 'none') continue;
    const { kinds } = block.summary;
    // A block made from rows may have brought new kinds.
    if (kindMatches.length <= columns.kinds.size) kindMatches = columns.kinds.test(test);
    const chosen = new Uint8Array(kinds.length + 1);
    let anyChosen = false;
    for (let index = 0; index < kinds.length; index += 1) {
      if (kindMatches[kinds[index] ?? 0] !== 1) continue;
      chosen[index + 1] = 1;
      anyChosen = true;
    }
    if (!anyChosen) continue;
    const first = block.block * BLOCK_ROWS;
    const from = Math.max(0, range.low - first);
    const to = Math.min(block.length - 1, range.high - first);
    yield {
      columns: block,
      chosen,
      isWhole: judged === 'all' && from === 0 && to === block.length - 1,
      places() {
        findPlaces(block, chosen, conditions, dayStartMs, from, to, shared);
        return shared;
      },
    };
  }
}
