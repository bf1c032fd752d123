import { requestStates } from '../../electron/contract/request-row.ts';
import type { RequestFilter, RequestState } from '../../electron/contract/request-row.ts';

/** The filter as the operator sets it and as it stands in the address; an empty text filters nothing. */
export interface RequestQuery {
  readonly search: string;
  readonly model: string;
  readonly feature: string;
  readonly server: string;
  readonly key: string;
  readonly state: RequestState | '';
  /** Digits, or empty. */
  readonly status: string;
  /** A span up to now such as "1h", a local date and time such as "2026-11-24T15:00", or empty. */
  readonly since: string;
  /** A local date and time, or empty. */
  readonly until: string;
}

export const emptyQuery: RequestQuery = {
  search: '',
  model: '',
  feature: '',
  server: '',
  key: '',
  state: '',
  status: '',
  since: '',
  until: '',
};

const fields = Object.keys(emptyQuery) as readonly (keyof RequestQuery)[];

const spanUnitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads the address; what makes no sense is left out. */
export function queryFromSearch(search: string): RequestQuery {
  const params = new URLSearchParams(search);
  const read = Object.fromEntries(fields.map((field) => [field, (params.get(field) ?? '').slice(0, 500)]));
  // Every field of the type is in `fields`, and the two with a narrower type are checked below.
  const query = read as unknown as RequestQuery;
  return {
    ...query,
    state: requestStates.some((state) => state === query.state) ? query.state : '',
    status: /^\d{3}$/.test(query.status) ? query.status : '',
    since: spanMs(query.since) !== null || timeMs(query.since) !== null ? query.since : '',
    until: timeMs(query.until) !== null ? query.until : '',
  };
}

/** The part of the address after "?", without the mark; empty when nothing is filtered. */
export function searchFromQuery(query: RequestQuery): string {
  const params = new URLSearchParams();
  for (const field of fields) if (query[field] !== '') params.set(field, query[field]);
  return params.toString();
}

/** What to ask the service for at a time. */
export function filterFromQuery(query: RequestQuery, nowMs: number): RequestFilter {
  const span = spanMs(query.since);
  const since = span === null ? timeMs(query.since) : nowMs - span;
  const until = timeMs(query.until);
  const search = query.search.trim();
  return {
    ...(since === null ? {} : { sinceMs: since }),
    ...(until === null ? {} : { untilMs: until }),
    ...(query.model === '' ? {} : { model: query.model }),
    ...(query.feature === '' ? {} : { feature: query.feature }),
    ...(query.server === '' ? {} : { server: query.server }),
    ...(query.key === '' ? {} : { key: query.key }),
    ...(query.state === '' ? {} : { state: query.state }),
    ...(query.status === '' ? {} : { httpStatus: Number(query.status) }),
    ...(search === '' ? {} : { search }),
  };
}

export function isFiltered(query: RequestQuery): boolean {
  return fields.some((field) => query[field] !== '');
}

/** Milliseconds of a span such as "15m", "1h" or "7d"; null when it is none. */
export function spanMs(text: string): number | null {
  const match = /^(\d{1,4})([mhd])$/.exec(text);
  return match ? Number(match[1]) * (spanUnitsMs[match[2] ?? ''] ?? 0) : null;
}

/** A local date and time as UTC epoch milliseconds; null when it is none. */
function timeMs(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}
