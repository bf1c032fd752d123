/** Smallest and largest value of a block, or null when no row has one. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** What is known of a block without looking at its rows. The lists run beside each other, one entry for each kind in it. */
export interface BlockSummary {
  readonly kinds: Float64Array;
  readonly rows: Float64Array;
  /** Rows with their `count`. */
  readonly requests: Float64Array;
  readonly promptTokens: Float64Array;
  readonly completionTokens: Float64Array;
  readonly ttftMs: Bounds | null;
  readonly durationMs: Bounds | null;
  readonly tokens: Bounds | null;
}

const LISTS = 5;
const BOUNDS = 6;

/** The summary as bytes: bounds (NaN for none), then the lists one behind the other, all as 64-bit floats. */
export function packSummary(summary: BlockSummary): Buffer {
  const kinds = summary.kinds.length;
  const numbers = new Float64Array(BOUNDS + LISTS * kinds);
  [summary.ttftMs, summary.durationMs, summary.tokens].forEach((bounds, index) => {
    numbers[index * 2] = bounds?.min ?? NaN;
    numbers[index * 2 + 1] = bounds?.max ?? NaN;
  });
  [summary.kinds, summary.rows, summary.requests, summary.promptTokens, summary.completionTokens].forEach(
    (list, index) => numbers.set(list, BOUNDS + index * kinds),
  );
  return Buffer.from(numbers.buffer);
}

export function unpackSummary(bytes: Buffer): BlockSummary {
  const numbers = new Float64Array(new Uint8Array(bytes).buffer);
  const kinds = (numbers.length - BOUNDS) / LISTS;
  const bounds = (index: number): Bounds | null => {
    const [min = NaN, max = NaN] = numbers.subarray(index * 2, index * 2 + 2);
    return Number.isNaN(min) ? null : { min, max };
  };
  const list = (index: number): Float64Array => numbers.subarray(BOUNDS + index * kinds, BOUNDS + (index + 1) * kinds);
  return {
    kinds: list(0),
    rows: list(1),
    requests: list(2),
    promptTokens: list(3),
    completionTokens: list(4),
    ttftMs: bounds(0),
    durationMs: bounds(1),
    tokens: bounds(2),
  };
}
