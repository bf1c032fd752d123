import { create } from 'zustand';
import type { OutpostError } from '../../electron/contract/outpost-error.ts';
import type {
  RequestDetail,
  RequestFacets,
  RequestFilter,
  RequestPageQuery,
} from '../../electron/contract/request-row.ts';
import type { ControlClient } from '../app/control-client.ts';
import { askService } from './call-service.ts';
import { coalesce } from './coalesce.ts';
import { afterRead, loaded, loading, valueOf } from './loadable.ts';
import type { Loadable } from './loadable.ts';
import { appendOlder, keepTop, mergeNewest, newestLimit, renewRows, runningStretch } from './request-list.ts';
import type { RequestList } from './request-list.ts';
import { emptyQuery, filterFromQuery } from './request-query.ts';
import type { RequestQuery } from './request-query.ts';

interface RequestStore {
  readonly query: RequestQuery;
  readonly list: Loadable<RequestList>;
  /** Whether new rows appear by themselves; not while paused or scrolled away from the top. */
  readonly following: boolean;
  /** New rows that match and are not shown yet; one more than MOST_COUNTED stands for "more than that". */
  readonly waiting: number;
  readonly older: { readonly busy: boolean; readonly error: OutpostError | null };
  readonly facets: RequestFacets;
  readonly detailId: number | null;
  readonly detail: Loadable<RequestDetail>;
}

const PAGE = 100;
/** Rows kept while following, so that a page left open for days does not grow. */
const MOST_FOLLOWED = 1000;
export const MOST_COUNTED = 200;
/** Least time between two reads on account of new rows. */
const RENEW_MS = 400;

const noFacets: RequestFacets = { models: [], features: [], servers: [], keys: [] };
const idle = { busy: false, error: null } as const;

export const useRequests = create<RequestStore>()(() => ({
  query: emptyQuery,
  list: loading,
  following: true,
  waiting: 0,
  older: idle,
  facets: noFacets,
  detailId: null,
  detail: loading,
}));

export const selectRequestList = (store: RequestStore) => store.list;
export const selectWaiting = (store: RequestStore) => store.waiting;
export const selectOlder = (store: RequestStore) => store.older;
export const selectFacets = (store: RequestStore) => store.facets;
export const selectDetail = (store: RequestStore) => store.detail;

/** Shows what matches, from the newest on. */
export async function showRequests(query: RequestQuery): Promise<void> {
  useRequests.setState({ query, list: loading, waiting: 0, older: idle });
  await readNewest();
}

/** Reads the newest rows that match and puts them on top; also the way to try again after a failure. */
export async function readNewest(): Promise<void> {
  const { query, list } = useRequests.getState();
  const shown = valueOf(list);
  const result = await readPage({ limit: shown ? newestLimit(shown, PAGE) : PAGE }, filterNow(query));
  if (useRequests.getState().query !== query) return;
  useRequests.setState((store) => {
    if (!result.ok) return { list: afterRead(store.list, result) };
    const before = valueOf(store.list);
    const merged = before ? mergeNewest(before, result.value) : result.value;
    return { list: loaded(keepTop(merged, MOST_FOLLOWED)), waiting: 0 };
  });
}

/** Reads on below the last row. */
export async function readOlder(): Promise<void> {
  const { query, list, older } = useRequests.getState();
  const shown = valueOf(list);
  const last = shown?.rows.at(-1);
  if (!last || !shown?.more || older.busy) return;
  useRequests.setState({ older: { busy: true, error: null } });
  const result = await readPage({ limit: PAGE, beforeId: last.id }, filterNow(query));
  if (useRequests.getState().query !== query) return;
  useRequests.setState((store) => {
    const before = valueOf(store.list);
    if (!result.ok) return { older: { busy: false, error: result.error } };
    return before ? { older: idle, list: loaded(appendOlder(before, result.value)) } : { older: idle };
  });
}

/** Lets new rows appear, or counts them only. */
export function setFollowing(following: boolean): void {
  if (useRequests.getState().following === following) return;
  useRequests.setState({ following });
  if (following) void readNewest();
}

/** Keeps the list, and the request that is open, up to date. */
export function followRequests(client: ControlClient): () => void {
  const renewal = coalesce(renew, RENEW_MS);
  void readFacets();
  // What was shown before the connection broke is old.
  if (useRequests.getState().list.state === 'loaded') renewal.run();
  const subscription = client.api.requests.follow.subscribe(undefined, { onData: renewal.run });
  return () => {
    subscription.unsubscribe();
    renewal.cancel();
  };
}

export async function openRequest(id: number): Promise<void> {
  if (useRequests.getState().detailId !== id) useRequests.setState({ detailId: id, detail: loading });
  const result = await askService(`read request ${id}`, (api, options) => api.requests.get.query({ id }, options));
  useRequests.setState((store) => (store.detailId === id ? { detail: afterRead(store.detail, result) } : {}));
}

async function renew(): Promise<void> {
  const { following, list, detail, detailId } = useRequests.getState();
  const reads: Promise<void>[] = [];
  const shown = valueOf(list);
  if (following || !shown) reads.push(readNewest());
  else reads.push(countWaiting(shown), renewRunning(shown));
  if (detailId !== null && valueOf(detail)?.state === 'running') reads.push(openRequest(detailId));
  await Promise.all(reads);
}

async function countWaiting({ rows }: RequestList): Promise<void> {
  const { query } = useRequests.getState();
  const newest = rows[0];
  const after = newest ? { afterId: newest.id } : {};
  const result = await readPage({ limit: MOST_COUNTED + 1, ...after }, filterNow(query));
  // A failure shows at the next read; the count is only a hint.
  if (result.ok && useRequests.getState().query === query) useRequests.setState({ waiting: result.value.rows.length });
}

async function renewRunning(list: RequestList): Promise<void> {
  const { query } = useRequests.getState();
  const stretch = runningStretch(list);
  if (!stretch) return;
  // Without the state, since a row that has ended matches "running" no more and would seem to run for ever.
  const { state, httpStatus, ...filter } = filterNow(query);
  const narrowed = state !== undefined || httpStatus !== undefined;
  const result = await readPage(narrowed ? { ...stretch, limit: 1000 } : stretch, filter);
  if (!result.ok || useRequests.getState().query !== query) return;
  useRequests.setState((store) => {
    const shown = valueOf(store.list);
    return shown ? { list: loaded(renewRows(shown, result.value.rows)) } : {};
  });
}

async function readFacets(): Promise<void> {
  const result = await askService('read what to filter by', (api, options) => api.requests.facets.query({}, options));
  // Without them the selects offer what the address already names; the list itself tells when the log cannot be read.
  if (result.ok) useRequests.setState({ facets: result.value });
}

function readPage(place: Omit<RequestPageQuery, 'filter'>, filter: RequestFilter) {
  return askService('read the requests', (api, options) => api.requests.list.query({ filter, ...place }, options));
}

function filterNow(query: RequestQuery): RequestFilter {
  return filterFromQuery(query, Date.now());
}
