import type { Deadline } from './deadline.ts';
import type { NumberRange } from './number-ranges.ts';
import type { ReaderPartition } from './reader-partition.ts';

/** Takes in what was committed since the last search, and says what had to be left out. */
export function updateUnindexed(partition: ReaderPartition, deadline: Deadline): readonly string[] {
  const leftOut = partition.unindexed.update(deadline);
  if (leftOut === 0) return [];
  const size = `${Math.ceil(leftOut / 2 ** 20)} MiB`;
  return [`The newest ${size} of ${partition.day} are not searchable yet; try again in a moment.`];
}

/** Numbers of rows with the text, in order; `updateUnindexed` must have been called. */
export function* searchNumbers(
  partition: ReaderPartition,
  expression: string,
  range: NumberRange,
  newestFirst: boolean,
): Generator<number> {
  const indexed = partition.hasTextIndex
    ? (partition
        .statement(
          `SELECT rowid FROM words.request_text WHERE request_text MATCH ? AND rowid BETWEEN ? AND ?
           ORDER BY rowid ${newestFirst ? 'DESC' : 'ASC'}`,
        )
        .pluck()
        .iterate(expression, range.low, range.high) as IterableIterator<number>)
    : [].values();
  const unindexed = partition.unindexed.find(expression, range, newestFirst);
  try {
    let [a, b] = [indexed.next(), unindexed.next()];
    while (a.done !== true || b.done !== true) {
      const takeFirst = b.done === true || (a.done !== true && (newestFirst ? a.value >= b.value : a.value <= b.value));
      const n = (takeFirst ? a.value : b.value) as number;
      yield n;
      // While a row moves from one index to the other it is in both.
      if (a.done !== true && a.value === n) a = indexed.next();
      if (b.done !== true && b.value === n) b = unindexed.next();
    }
  } finally {
    // An unfinished statement would keep its connection busy.
    indexed.return?.();
    unindexed.return(undefined);
  }
}
