import type { Random } from './seeded-random.ts';

/** When a simulated engine produces its tokens. Times are milliseconds and may be fractional. */
export interface Timing {
  readonly ttftMs: number;
  readonly itlMs: number;
  /** 0 to 1: each wait is multiplied by a seeded, evenly spread factor between 1 - jitter and 1 + jitter (mean 1). */
  readonly jitter: number;
  /** Each wait grows by this factor for every further running sequence. */
  readonly slowdown: number;
}

/** Wait from being scheduled to the first token. Time in the queue comes on top. */
export function firstTokenDelayMs(timing: Timing, running: number, random: Random): number {
  return scale(timing.ttftMs, timing, running, random);
}

/** Wait from when one token was due to when the next is due: a late token never shifts those after it. */
export function nextTokenDelayMs(timing: Timing, running: number, random: Random): number {
  return scale(timing.itlMs, timing, running, random);
}

function scale(baseMs: number, timing: Timing, running: number, random: Random): number {
  const jitterFactor = timing.jitter === 0 ? 1 : 1 + timing.jitter * (2 * random() - 1);
  return baseMs * (1 + timing.slowdown * Math.max(0, running - 1)) * jitterFactor;
}
