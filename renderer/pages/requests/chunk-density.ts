/**
 * How many pieces of a stream came in each of `bins` equal spans from `startMs` to `endMs`. Pieces outside are counted in
 * the span nearest to them, so that none is missing.
 */
export function chunkDensity(
  timesMs: readonly number[],
  startMs: number,
  endMs: number,
  bins: number,
): readonly number[] {
  const counts = new Array<number>(bins).fill(0);
  const span = Math.max(endMs - startMs, Number.MIN_VALUE);
  for (const time of timesMs) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(((time - startMs) / span) * bins)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
