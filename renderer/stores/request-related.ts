import { create } from 'zustand';
import type { RequestDetail, RequestFilter, RequestSummary } from '../../electron/contract/request-row.ts';
import { askService } from './call-service.ts';
import { findRun } from './find-run.ts';
import { noRelatedRows, relatedRows } from './related-rows.ts';
import type { RelatedRows } from './related-rows.ts';

interface RelatedStore {
  readonly id: number | null;
  readonly rows: RelatedRows;
  /** Run of the server that was alive when the request came, or null while that is not known. */
  readonly run: number | null;
}

/** Rows on each side that are looked through; further away is another story. */
const NEAR = 60;

export const useRelated = create<RelatedStore>()(() => ({ id: null, rows: noRelatedRows, run: null }));

export const selectRelated = (id: number) => (store: RelatedStore) => (store.id === id ? store.rows : noRelatedRows);
export const selectRunOf = (id: number) => (store: RelatedStore) => (store.id === id ? store.run : null);

/** Looks for what belongs to a request; what cannot be read is left out, since the request itself is on the screen. */
export async function findRelated(request: RequestDetail): Promise<void> {
  const { id, model, key, served_by: server } = request;
  useRelated.setState({ id, rows: noRelatedRows, run: null });
  const same: RequestFilter = { ...(model === null ? {} : { model }), ...(key === null ? {} : { key }) };
  const [around, run] = await Promise.all([
    Promise.all([
      readNear({ beforeId: id }, same),
      readNear({ afterId: id }, same),
      readNear({ beforeId: id }, {}),
      readNear({ afterId: id }, {}),
    ]),
    server === null ? null : readRun(server, Date.parse(request.time)),
  ]);
  useRelated.setState((store) => (store.id === id ? { rows: relatedRows(request, around.flat()), run } : {}));
}

async function readNear(
  place: { readonly beforeId: number } | { readonly afterId: number },
  filter: RequestFilter,
): Promise<readonly RequestSummary[]> {
  const result = await askService('read the rows near by', (api, options) =>
    api.requests.list.query({ filter, limit: NEAR, ...place }, options),
  );
  return result.ok ? result.value.rows : [];
}

async function readRun(server: string, timeMs: number): Promise<number | null> {
  const result = await askService(`read the runs of ${server}`, (api, options) =>
    api.processes.runs.query({ name: server }, options),
  );
  return result.ok ? findRun(result.value, timeMs) : null;
}
