/** What was used in one second. */
interface Slice {
  readonly startMs: number;
  readonly amount: number;
}

/** What was used in the last minute, oldest first; at most 61 slices however much it is. */
export type SlidingWindow = readonly Slice[];

const SLICE_MS = 1000;
/** One slice more than a minute, so that no minute, wherever it begins, holds more than the limit. */
const KEPT_MS = 60_000 + SLICE_MS;

export function addToWindow(window: SlidingWindow, amount: number, nowMs: number): SlidingWindow {
  const startMs = Math.floor(nowMs / SLICE_MS) * SLICE_MS;
  const kept = keepRecent(window, nowMs);
  const last = kept.at(-1);
  if (last?.startMs === startMs) return [...kept.slice(0, -1), { startMs, amount: last.amount + amount }];
  return [...kept, { startMs, amount }];
}

export function sumOfWindow(window: SlidingWindow, nowMs: number): number {
  return keepRecent(window, nowMs).reduce((sum, slice) => sum + slice.amount, 0);
}

/** Milliseconds until less than `limit` is left in the window when nothing is added; 0 when that is so already. */
export function msUntilBelow(window: SlidingWindow, limit: number, nowMs: number): number {
  let sum = sumOfWindow(window, nowMs);
  if (sum < limit) return 0;
  for (const slice of keepRecent(window, nowMs)) {
    sum -= slice.amount;
    if (sum < limit) return slice.startMs + KEPT_MS - nowMs;
  }
  return KEPT_MS;
}

/** Slices of the future come from a clock that was set back; to forget them is better than to refuse until then. */
function keepRecent(window: SlidingWindow, nowMs: number): SlidingWindow {
  return window.filter(({ startMs }) => startMs <= nowMs && nowMs - startMs < KEPT_MS);
}
