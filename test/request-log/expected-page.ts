import type { RequestFilter, RequestPageQuery, RequestSummary } from '../../electron/contract/request-row.ts';

/** Where a page begins: at the newest row, or right before or after the one at `at`. */
export type PageStart = 'first' | 'before' | 'after';

export interface ExpectedPage {
  readonly query: RequestPageQuery;
  readonly rows: readonly RequestSummary[];
  readonly more: boolean;
}

/** What a page must hold, worked out the slow way from all rows, newest first. */
export function expectedPage(
  all: readonly RequestSummary[],
  matches: (row: RequestSummary, filter: RequestFilter) => boolean,
  { filter, limit, at, from }: { filter: RequestFilter; limit: number; at: number; from: PageStart },
): ExpectedPage {
  const pivot = all[at]?.id ?? 0;
  const matching = all.filter((row) => matches(row, filter));
  const expected =
    from === 'first'
      ? matching
      : from === 'before'
        ? matching.filter(({ id }) => id < pivot)
        : matching.filter(({ id }) => id > pivot).toReversed();
  const cursor = from === 'first' ? {} : from === 'before' ? { beforeId: pivot } : { afterId: pivot };
  return { query: { filter, limit, ...cursor }, rows: expected.slice(0, limit), more: expected.length > limit };
}
