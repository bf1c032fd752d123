import type { RequestSummary } from '../../electron/contract/request-row.ts';

/** Rows that belong together with one that is looked at; null where none was found near by. */
export interface RelatedRows {
  /** The nearest older and newer row of the same client and model. */
  readonly previous: RequestSummary | null;
  readonly next: RequestSummary | null;
  /** Other rows with the same request id, oldest first: the client sent it again. */
  readonly sameId: readonly RequestSummary[];
}

export const noRelatedRows: RelatedRows = { previous: null, next: null, sameId: [] };

/** Finds them among the rows around a row, in whatever order these come. */
export function relatedRows(
  row: Pick<RequestSummary, 'id' | 'client_address' | 'key' | 'model' | 'request_id'>,
  around: readonly RequestSummary[],
): RelatedRows {
  const others = [...new Map(around.map((one) => [one.id, one])).values()]
    .filter(({ id }) => id !== row.id)
    .toSorted((a, b) => a.id - b.id);
  const alike = others.filter(
    (one) => one.client_address === row.client_address && one.key === row.key && one.model === row.model,
  );
  return {
    previous: alike.findLast(({ id }) => id < row.id) ?? null,
    next: alike.find(({ id }) => id > row.id) ?? null,
    sameId: others.filter(({ request_id: requestId }) => requestId === row.request_id),
  };
}
