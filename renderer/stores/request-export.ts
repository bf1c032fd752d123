import { create } from 'zustand';
import type { ExportFormat } from '../../electron/contract/export-rows.ts';
import type { OutpostError } from '../../electron/contract/outpost-error.ts';
import { announce } from './announcements.ts';
import { askService } from './call-service.ts';
import { exportPages } from './export-pages.ts';
import { openExportSink } from './export-sink.ts';
import { filterFromQuery } from './request-query.ts';
import type { RequestQuery } from './request-query.ts';

interface ExportStore {
  readonly state: 'idle' | 'running' | 'done' | 'cancelled' | 'failed';
  /** Rows written so far. */
  readonly rows: number;
  readonly error: OutpostError | null;
}

/** Most rows that the service hands out at once. */
const PAGE = 1000;
const idle: ExportStore = { state: 'idle', rows: 0, error: null };

export const useExport = create<ExportStore>()(() => idle);

export const selectExport = (store: ExportStore) => store;

let underWay: AbortController | null = null;

/** Writes everything that matches to a file; goes on while other pages are shown. */
export async function runExport(query: RequestQuery, format: ExportFormat): Promise<void> {
  if (underWay) return;
  const abort = new AbortController();
  underWay = abort;
  try {
    const nowMs = Date.now();
    const sink = await openExportSink(`outpost-requests-${new Date(nowMs).toISOString().slice(0, 10)}.${format}`);
    if (!sink) return;
    useExport.setState({ state: 'running', rows: 0, error: null });
    const filter = filterFromQuery(query, nowMs);
    const result = await exportPages(
      format,
      sink,
      (beforeId) =>
        askService('read the requests', (api, options) =>
          api.requests.list.query({ filter, limit: PAGE, ...(beforeId === null ? {} : { beforeId }) }, options),
        ),
      abort.signal,
      (rows) => useExport.setState({ rows }),
    );
    if (!result.ok) useExport.setState({ state: 'failed', error: result.error });
    else useExport.setState({ state: result.value.cancelled ? 'cancelled' : 'done' });
    announce(result.ok && !result.value.cancelled ? 'The export is complete' : 'The export was not completed');
  } finally {
    underWay = null;
  }
}

export function cancelExport(): void {
  underWay?.abort();
}

/** Forgets how the last one ended. */
export function forgetExport(): void {
  if (!underWay) useExport.setState(idle);
}
