import type { RequestPage, RequestSummary } from '../../electron/contract/request-row.ts';

/** The part of the request log that is in the table: one stretch without gaps, newest first. */
export interface RequestList {
  readonly rows: readonly RequestSummary[];
  /** Whether older rows match as well. */
  readonly more: boolean;
}

/** Most rows that a page may hold. */
const MOST_PER_READ = 1000;

/** Adds the page below what is there. */
export function appendOlder(list: RequestList, page: RequestPage): RequestList {
  const last = list.rows.at(-1)?.id ?? Number.POSITIVE_INFINITY;
  return { rows: [...list.rows, ...page.rows.filter(({ id }) => id < last)], more: page.more };
}

/**
 * Puts the newest page on top. Rows inside its range that it does not hold no longer match and leave; when it does not
 * reach down to what is there, the rest is dropped, since what lies between is not known.
 */
export function mergeNewest(list: RequestList, page: RequestPage): RequestList {
  const lowest = page.more ? (page.rows.at(-1)?.id ?? Number.NEGATIVE_INFINITY) : Number.NEGATIVE_INFINITY;
  const newestBefore = list.rows[0]?.id;
  if (newestBefore === undefined || newestBefore < lowest) return { rows: page.rows, more: page.more };
  const older = list.rows.filter(({ id }) => id < lowest);
  return { rows: [...page.rows, ...older], more: older.length > 0 ? list.more : page.more };
}

/** Keeps the newest rows only; what is dropped can be read again. */
export function keepTop(list: RequestList, most: number): RequestList {
  return list.rows.length <= most ? list : { rows: list.rows.slice(0, most), more: true };
}

/** Renews rows that are there, without adding or removing any, so that nothing moves under the operator's eyes. */
export function renewRows(list: RequestList, rows: readonly RequestSummary[]): RequestList {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return { ...list, rows: list.rows.map((row) => byId.get(row.id) ?? row) };
}

/** How many rows to read from the top so that the stretch covers every row that is still running. */
export function newestLimit({ rows }: RequestList, least: number): number {
  const deepest = rows.findLastIndex(({ state }) => state === 'running');
  return Math.min(MOST_PER_READ, Math.max(least, deepest + 1 + least));
}

/** The stretch that holds all rows still running, or null when none is. */
export function runningStretch({ rows }: RequestList): { readonly beforeId: number; readonly limit: number } | null {
  const first = rows.findIndex(({ state }) => state === 'running');
  const top = rows[first];
  if (!top) return null;
  const last = rows.findLastIndex(({ state }) => state === 'running');
  return { beforeId: top.id + 1, limit: Math.min(MOST_PER_READ, last - first + 1) };
}

/** Honest words for how much of what matches is in the table. */
export function countWords({ rows, more }: RequestList): string {
  const count = rows.length.toLocaleString('en-US');
  if (more) return `${count} shown, more match`;
  return rows.length === 1 ? '1 request matches' : `${count} requests match`;
}

/** The row that is `steps` further down (or up), staying inside the list; the first or last one when none is chosen. */
export function stepFrom({ rows }: RequestList, id: number | null, steps: number): number | null {
  if (rows.length === 0) return null;
  const at = rows.findIndex((row) => row.id === id);
  const from = at === -1 ? (steps > 0 ? -1 : rows.length) : at;
  return rows[Math.min(rows.length - 1, Math.max(0, from + steps))]?.id ?? null;
}
