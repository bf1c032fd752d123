import { BLOCK_ROWS, GrowingBlock, blockOf } from '../columns/column-block.ts';
import { startOfDayMs } from '../row-id.ts';
import type { MaintainedPartition } from './maintained-partition.ts';
import type { Pause } from './pause.ts';

/** Rows read between two pauses, a few milliseconds. */
const READ_ROWS = 2_048;
/** A number without a row gets one within moments or, after a crash, never. */
const GAPS_FINAL_MS = 3_600_000;

/** What was found: a block that can be kept now, or whether one waits for its last rows to end. */
export interface BlockSearch {
  readonly block: number | null;
  readonly isWaiting: boolean;
}

/**
 * The first block that has all its rows, ended, and is not kept yet. The last block of a day counts as complete once the
 * day is over.
 */
export function findBlockToKeep(partition: MaintainedPartition, isNewest: boolean, nowMs: number): BlockSearch {
  const newest = partition.newestNumber();
  const kept = partition.columnStore().lastNumbers();
  let from = 0;
  let isWaiting = false;
  for (;;) {
    const number = partition.nextNumber(from);
    if (number === null) return { block: null, isWaiting };
    const block = blockOf(number);
    const end = (block + 1) * BLOCK_ROWS;
    from = end;
    const isOver = newest >= end || !isNewest;
    if (!isOver || (kept.get(block) ?? -1) >= Math.min(newest, end - 1)) continue;
    const state = partition.blockState(block * BLOCK_ROWS, end - 1);
    if (kept.get(block) === state.last) continue;
    const hasGaps = state.last - state.first + 1 > state.rows;
    if (state.running === 0 && (!hasGaps || nowMs - state.newestMs > GAPS_FINAL_MS)) return { block, isWaiting };
    isWaiting = true;
  }
}

/** Makes the columns of one block from its rows and keeps them. A crash in between leaves nothing behind. */
export async function* keepColumns(partition: MaintainedPartition, block: number): Pause {
  const store = partition.columnStore();
  const growing = new GrowingBlock(block, store.kinds, startOfDayMs(partition.day));
  const end = (block + 1) * BLOCK_ROWS;
  for (let from = block * BLOCK_ROWS; from < end; from += READ_ROWS) {
    growing.append(partition.columnRows(from, from + READ_ROWS - 1));
    yield;
  }
  store.write(growing, growing.firstNumber + growing.length - 1);
}
