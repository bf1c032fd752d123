/** Row numbers from `low` to `high`, both included. */
export interface NumberRange {
  readonly low: number;
  readonly high: number;
}

const FIRST = 4_096;
const LARGEST = 262_144;

/**
 * Cuts a range into pieces that grow, from its newest end or its oldest. A page is usually full after the first; a rare
 * filter goes on, and every piece is a moment at which the deadline is checked.
 */
export function* growingRanges(range: NumberRange, newestFirst: boolean): Generator<NumberRange> {
  let size = FIRST;
  let { low, high } = range;
  while (low <= high) {
    if (newestFirst) {
      const from = Math.max(low, high - size + 1);
      yield { low: from, high };
      high = from - 1;
    } else {
      const to = Math.min(high, low + size - 1);
      yield { low, high: to };
      low = to + 1;
    }
    size = Math.min(size * 4, LARGEST);
  }
}
