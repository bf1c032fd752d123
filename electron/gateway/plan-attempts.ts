import type { RouteServer } from '../contract/route-table.ts';
import type { ActualState } from '../contract/process-state.ts';
import type { AllowedKey, Routing } from './routing.ts';
import { mayUse } from './routing.ts';

/** One server to be asked, and under which model. */
export interface Attempt {
  readonly server: RouteServer;
  readonly model: string;
}

/** Lower is better. The table may be stale while the service is down, so a server that is not ready is still tried. */
const RANK: Readonly<Record<ActualState, number>> = {
  ready: 0,
  degraded: 1,
  lost: 2,
  starting: 3,
  hung: 4,
  'backing-off': 5,
  failed: 6,
  stopping: 7,
  stopped: 8,
};

/**
 * Whom to ask, in order: servers of the model that are wanted, ready ones first, then those with the fewest requests
 * outstanding (`turn` decides between equals); then the same for the fallback model, and its fallback, as far as the key
 * may use them. Empty when every server is stopped on purpose.
 */
export function planAttempts(
  routing: Routing,
  model: string,
  key: AllowedKey | null,
  outstanding: (server: string) => number,
  turn: number,
): readonly Attempt[] {
  const attempts: Attempt[] = [];
  const seen = new Set<string>();
  const { fallbacks } = routing.table;
  let current: string | undefined = model;
  while (current !== undefined && !seen.has(current)) {
    const asked: string = current;
    seen.add(asked);
    if (asked === model || mayUse(key, asked)) {
      const servers = (routing.serversByModel.get(asked) ?? []).filter((server) => server.wanted !== 'stopped');
      for (const server of orderServers(servers, outstanding, turn)) attempts.push({ server, model: asked });
    }
    current = Object.hasOwn(fallbacks, asked) ? fallbacks[asked] : undefined;
  }
  return attempts;
}

function orderServers(
  servers: readonly RouteServer[],
  outstanding: (server: string) => number,
  turn: number,
): readonly RouteServer[] {
  if (servers.length < 2) return servers;
  const first = turn % servers.length;
  const rotated = [...servers.slice(first), ...servers.slice(0, first)];
  return rotated.sort((a, b) => RANK[a.actual] - RANK[b.actual] || outstanding(a.name) - outstanding(b.name));
}
