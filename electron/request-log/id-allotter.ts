import { ROWS_PER_PARTITION } from '../contract/request-states.ts';
import { dayAfter, dayOfTime, rowId } from './row-id.ts';
import type { PartitionDay } from './row-id.ts';

/** The last id given out; number 0 when the partition has none yet. */
export interface LastAllotted {
  readonly day: PartitionDay;
  readonly number: number;
}

/**
 * The id that follows `last` for a request at `timeMs`. Days only go forward: while the clock stands before the newest
 * partition, that partition goes on being filled, so that ids stay unique and newest rows keep the highest ids.
 */
export function allotId(last: LastAllotted, timeMs: number): { readonly last: LastAllotted; readonly id: number } {
  const day = dayOfTime(timeMs);
  const next = day > last.day ? { day, number: 1 } : following(last);
  return { last: next, id: rowId(next.day, next.number) };
}

function following(last: LastAllotted): LastAllotted {
  if (last.number + 1 < ROWS_PER_PARTITION) return { day: last.day, number: last.number + 1 };
  return { day: dayAfter(last.day), number: 1 };
}
