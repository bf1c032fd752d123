import { create } from 'zustand';
import type { TrafficStats } from '../../electron/contract/request-row.ts';
import { askService } from './call-service.ts';
import { afterRead, loading } from './loadable.ts';
import type { Loadable } from './loadable.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const REFRESH_MS = 3000;

interface TrafficStore {
  readonly lastMinute: Loadable<TrafficStats>;
  readonly lastHour: Loadable<TrafficStats>;
}

export const useTraffic = create<TrafficStore>()(() => ({ lastMinute: loading, lastHour: loading }));

export const selectLastMinute = (store: TrafficStore) => store.lastMinute;
export const selectLastHour = (store: TrafficStore) => store.lastHour;

export async function refreshTraffic(): Promise<void> {
  const [minute, hour] = await Promise.all([readTraffic(MINUTE_MS), readTraffic(HOUR_MS)]);
  useTraffic.setState((store) => ({
    lastMinute: afterRead(store.lastMinute, minute),
    lastHour: afterRead(store.lastHour, hour),
  }));
}

/** Reads the traffic every few seconds, since a window that moves changes without any request; not while hidden. */
export function followTraffic(): () => void {
  void refreshTraffic();
  const timer = setInterval(() => {
    if (!document.hidden) void refreshTraffic();
  }, REFRESH_MS);
  return () => clearInterval(timer);
}

function readTraffic(windowMs: number) {
  return askService('read the traffic', (api, options) => api.requests.traffic.query({ windowMs }, options));
}
