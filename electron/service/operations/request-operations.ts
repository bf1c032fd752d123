import type { Clock } from '../../base/clock.ts';
import type { ControlOperations } from '../../contract/control-api.ts';
import type { Result } from '../../contract/outpost-error.ts';
import type { RequestLogReader } from '../../request-log/request-log.ts';
import type { Emitter } from './emitter.ts';

export interface RequestOperationParts {
  /** Opened at the first question and kept: most of the time nobody asks. */
  readonly openReader: () => Promise<Result<RequestLogReader>>;
  /** Newest ids, as the gateway tells them. */
  readonly committed: Emitter<number>;
  readonly clock: Clock;
}

type Names =
  | 'requests'
  | 'request'
  | 'requestFacets'
  | 'requestHistogram'
  | 'requestTotals'
  | 'requestFacetCounts'
  | 'requestHighlights'
  | 'traffic'
  | 'followRequests';

export function requestOperations(parts: RequestOperationParts): Pick<ControlOperations, Names> {
  const { openReader, committed, clock } = parts;
  const withReader = async <T>(ask: (reader: RequestLogReader) => Promise<Result<T>>): Promise<Result<T>> => {
    const reader = await openReader();
    return reader.ok ? ask(reader.value) : reader;
  };
  return {
    requests: (query) => withReader((reader) => reader.list(query)),
    request: (id) => withReader((reader) => reader.get(id)),
    requestFacets: (filter) => withReader((reader) => reader.facets(filter)),
    requestHistogram: (query) => withReader((reader) => reader.histogram(query)),
    requestTotals: (filter) => withReader((reader) => reader.totals(filter)),
    requestFacetCounts: (filter) => withReader((reader) => reader.facetCounts(filter)),
    requestHighlights: (query) => withReader((reader) => reader.highlights(query)),
    traffic: (windowMs) => withReader((reader) => reader.traffic(windowMs, clock.nowMs())),
    followRequests(emit, signal) {
      let newestId = 0;
      const tell = (id: number) => {
        newestId = Math.max(newestId, id);
        if (!signal.aborted) emit({ newestId });
      };
      committed.follow(tell, signal);
      void withReader((reader) => reader.list({ filter: {}, limit: 1 })).then((page) => {
        tell(page.ok ? (page.value.rows[0]?.id ?? 0) : 0);
      });
    },
  };
}
