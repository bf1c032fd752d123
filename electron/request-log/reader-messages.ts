import type { Result } from '../contract/outpost-error.ts';
import type {
  RequestFacetCounts,
  RequestHighlight,
  RequestHighlightsQuery,
  RequestHistogram,
  RequestHistogramQuery,
  RequestTotals,
} from '../contract/request-analysis.ts';
import type {
  RequestDetail,
  RequestFacets,
  RequestFilter,
  RequestPage,
  RequestPageQuery,
  TrafficStats,
} from '../contract/request-row.ts';

export interface ReaderStart {
  readonly directory: string;
}

/** What the reader thread can be asked, with its answers. */
export interface ReaderCalls {
  list: { readonly query: RequestPageQuery; readonly answer: RequestPage };
  get: { readonly query: number; readonly answer: RequestDetail };
  facets: { readonly query: RequestFilter; readonly answer: RequestFacets };
  histogram: { readonly query: RequestHistogramQuery; readonly answer: RequestHistogram };
  totals: { readonly query: RequestFilter; readonly answer: RequestTotals };
  facetCounts: { readonly query: RequestFilter; readonly answer: RequestFacetCounts };
  highlights: { readonly query: RequestHighlightsQuery; readonly answer: readonly RequestHighlight[] };
  traffic: { readonly query: { readonly windowMs: number; readonly nowMs: number }; readonly answer: TrafficStats };
}

export type ReaderQuery = {
  [Name in keyof ReaderCalls]: {
    readonly call: number;
    readonly name: Name;
    readonly query: ReaderCalls[Name]['query'];
  };
}[keyof ReaderCalls];

export type ToReader = ReaderQuery | { readonly name: 'close' };

export interface FromReader {
  readonly call: number;
  readonly result: Result<ReaderCalls[keyof ReaderCalls]['answer']>;
}

/** A read inside the thread gives up after this long; the caller waits a little longer before it gives up on the thread. */
export const READ_DEADLINE_MS = 10_000;
