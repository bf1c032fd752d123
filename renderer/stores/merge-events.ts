import type { SiteEvent } from '../../electron/contract/site-status.ts';

const MOST_KEPT = 200;

/** Newest first, each event once. */
export function mergeEvents(now: readonly SiteEvent[], more: readonly SiteEvent[]): readonly SiteEvent[] {
  const byId = new Map([...now, ...more].map((event) => [event.id, event]));
  return [...byId.values()].sort((a, b) => b.id - a.id).slice(0, MOST_KEPT);
}
