import type { KeyLimits } from '../../contract/key-rules.ts';
import type { SlidingWindow } from './sliding-window.ts';
import { addToWindow, msUntilBelow, sumOfWindow } from './sliding-window.ts';

/** What one key has used lately. */
export interface KeyUsage {
  readonly running: number;
  readonly requests: SlidingWindow;
  readonly tokens: SlidingWindow;
  /** Days since the epoch in UTC; `dayTokens` are those of this day. */
  readonly day: number;
  readonly dayTokens: number;
}

export const unusedKey: KeyUsage = { running: 0, requests: [], tokens: [], day: 0, dayTokens: 0 };

export type KeyEvent =
  { readonly type: 'ask'; readonly limits: KeyLimits } | { readonly type: 'end'; readonly tokens: number };

export interface Refusal {
  readonly limit: keyof KeyLimits;
  readonly allowed: number;
  readonly used: number;
  readonly retryAfterMs: number;
}

const DAY_MS = 86_400_000;
/** When a running request ends is not known; a short wait costs a refused request nothing. */
const CONCURRENCY_RETRY_MS = 1000;

/**
 * Counts a request in, unless a limit is reached, and counts it out with its tokens. Those are known only at its end, so
 * a token limit refuses what comes after it was reached. A refused request counts for nothing and has no end.
 */
export function stepKeyUsage(
  before: KeyUsage,
  event: KeyEvent,
  nowMs: number,
): { readonly usage: KeyUsage; readonly refusal: Refusal | null } {
  const day = Math.floor(nowMs / DAY_MS);
  const usage = before.day === day ? before : { ...before, day, dayTokens: 0 };
  switch (event.type) {
    case 'ask': {
      const refusal = findRefusal(usage, event.limits, nowMs);
      if (refusal !== null) return { usage, refusal };
      const requests = addToWindow(usage.requests, 1, nowMs);
      return { usage: { ...usage, running: usage.running + 1, requests }, refusal: null };
    }
    case 'end': {
      const counted = { ...usage, running: Math.max(0, usage.running - 1) };
      if (event.tokens === 0) return { usage: counted, refusal: null };
      const tokens = addToWindow(usage.tokens, event.tokens, nowMs);
      return { usage: { ...counted, tokens, dayTokens: usage.dayTokens + event.tokens }, refusal: null };
    }
  }
}

/** The reached limit that takes longest to be free again, or null: the client is told once, not once per limit. */
function findRefusal(usage: KeyUsage, limits: KeyLimits, nowMs: number): Refusal | null {
  const reached: Refusal[] = [];
  const check = (limit: keyof KeyLimits, used: number, retryAfterMs: (allowed: number) => number) => {
    const allowed = limits[limit];
    if (allowed !== null && used >= allowed)
      reached.push({ limit, allowed, used, retryAfterMs: retryAfterMs(allowed) });
  };
  check('concurrency', usage.running, () => CONCURRENCY_RETRY_MS);
  check('requestsPerMinute', sumOfWindow(usage.requests, nowMs), (allowed) =>
    msUntilBelow(usage.requests, allowed, nowMs),
  );
  check('tokensPerMinute', sumOfWindow(usage.tokens, nowMs), (allowed) => msUntilBelow(usage.tokens, allowed, nowMs));
  check('tokensPerDay', usage.dayTokens, () => (usage.day + 1) * DAY_MS - nowMs);
  return reached.reduce<Refusal | null>(
    (worst, one) => (worst === null || one.retryAfterMs > worst.retryAfterMs ? one : worst),
    null,
  );
}
