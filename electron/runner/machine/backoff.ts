import type { RestartPolicy } from '../../contract/runner-protocol.ts';

/** What grows when the first delay is 0, since nothing times a factor stays nothing. */
const SMALLEST_GROWING_MS = 100;

/** Delay before the restart after this many consecutive ends (1 for the first), within [0, maxDelayMs]. */
export function backoffDelayMs(policy: RestartPolicy, attempts: number): number {
  const base = attempts <= 1 ? policy.initialDelayMs : Math.max(policy.initialDelayMs, SMALLEST_GROWING_MS);
  const delay = base * Math.max(1, policy.factor) ** Math.max(0, attempts - 1);
  return Math.min(delay, policy.maxDelayMs);
}
