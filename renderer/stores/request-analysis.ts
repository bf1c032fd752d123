import { create } from 'zustand';
import type { RequestHistogram, RequestTotals } from '../../electron/contract/request-analysis.ts';
import type { ControlClient } from '../app/control-client.ts';
import { askService } from './call-service.ts';
import { coalesce } from './coalesce.ts';
import { histogramRange } from './histogram-range.ts';
import { afterRead, loading } from './loadable.ts';
import type { Loadable } from './loadable.ts';
import { emptyQuery, filterFromQuery } from './request-query.ts';
import type { RequestQuery } from './request-query.ts';

interface AnalysisStore {
  readonly query: RequestQuery;
  /** What `histogram` was read for, which is the filter before while the numbers of the new one are on their way. */
  readonly counted: RequestQuery;
  readonly histogram: Loadable<RequestHistogram>;
  readonly totals: Loadable<RequestTotals>;
}

const BUCKETS = 90;
/** Numbers of everything cost more than the newest rows do. */
const RENEW_MS = 2000;

export const useRequestAnalysis = create<AnalysisStore>()(() => ({
  query: emptyQuery,
  counted: emptyQuery,
  histogram: loading,
  totals: loading,
}));

export const selectHistogram = (store: AnalysisStore) => store.histogram;
export const selectTotals = (store: AnalysisStore) => store.totals;
export const selectCounted = (store: AnalysisStore) => store.counted;

/** Counts what matches; the numbers of another filter stay until the new ones are there, except the totals. */
export async function analyseRequests(query: RequestQuery): Promise<void> {
  useRequestAnalysis.setState({ query, totals: loading });
  await refreshAnalysis();
}

/** Keeps the numbers up to date. */
export function followAnalysis(client: ControlClient): () => void {
  const renewal = coalesce(refreshAnalysis, RENEW_MS);
  const subscription = client.api.requests.follow.subscribe(undefined, { onData: renewal.run });
  return () => {
    subscription.unsubscribe();
    renewal.cancel();
  };
}

/** Reads the numbers of the filter again. */
export async function refreshAnalysis(): Promise<void> {
  const { query } = useRequestAnalysis.getState();
  const nowMs = Date.now();
  const filter = filterFromQuery(query, nowMs);
  const [histogram, totals] = await Promise.all([
    askService('count requests over time', (api, options) =>
      api.requests.histogram.query({ filter, ...histogramRange(filter, nowMs), buckets: BUCKETS }, options),
    ),
    askService('count requests', (api, options) => api.requests.totals.query(filter, options)),
  ]);
  if (useRequestAnalysis.getState().query !== query) return;
  useRequestAnalysis.setState((store) => ({
    counted: query,
    // What another filter has counted does not stay under this one when it cannot be read.
    histogram: afterRead(store.counted === query ? store.histogram : loading, histogram),
    totals: afterRead(store.totals, totals),
  }));
}
