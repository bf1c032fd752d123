import type { Result } from '../contract/outpost-error.ts';
import { succeed } from '../contract/outpost-error.ts';
import type { RequestFilter, RequestSummary } from '../contract/request-row.ts';
import type { ControlConnection } from './control-client.ts';

const PAGE_ROWS = 1000;

/**
 * Reads matching requests newest first, a page at a time, and hands each page on before the next is asked for. Ends after
 * `limit` rows (null: with the last one). Rows that arrive meanwhile are newer and do not shift the pages.
 */
export async function readRequestPages(
  service: ControlConnection,
  filter: RequestFilter,
  { limit, beforeId }: { readonly limit: number | null; readonly beforeId: number | null },
  onPage: (rows: readonly RequestSummary[]) => Promise<void> | void,
): Promise<Result<{ readonly rows: number }>> {
  let read = 0;
  let before = beforeId;
  for (;;) {
    const left = limit === null ? PAGE_ROWS : limit - read;
    const page = await service.operate(
      service.api.requests.list.query({
        filter,
        limit: Math.min(PAGE_ROWS, left),
        ...(before === null ? {} : { beforeId: before }),
      }),
      // A search through a large log takes its time.
      120_000,
    );
    if (!page.ok) return page;
    const { rows, more } = page.value;
    await onPage(rows);
    read += rows.length;
    before = rows.at(-1)?.id ?? null;
    if (!more || before === null || (limit !== null && read >= limit)) return succeed({ rows: read });
  }
}
