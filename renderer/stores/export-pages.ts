import { exportHeading, exportRows } from '../../electron/contract/export-rows.ts';
import type { ExportFormat } from '../../electron/contract/export-rows.ts';
import type { Result } from '../../electron/contract/outpost-error.ts';
import { succeed } from '../../electron/contract/outpost-error.ts';
import type { RequestPage } from '../../electron/contract/request-row.ts';
import type { ExportSink } from './export-sink.ts';

export interface ExportOutcome {
  readonly rows: number;
  readonly cancelled: boolean;
}

/**
 * Writes everything that `readPage` gives, newest first, a page at a time. The file is finished only when all of it was
 * written; after a failure or a cancellation nothing is left. Rows that arrive meanwhile do not shift the pages.
 */
export async function exportPages(
  format: ExportFormat,
  sink: ExportSink,
  readPage: (beforeId: number | null) => Promise<Result<RequestPage>>,
  signal: AbortSignal,
  onProgress: (rows: number) => void,
): Promise<Result<ExportOutcome>> {
  let rows = 0;
  let beforeId: number | null = null;
  let written = await sink.write(exportHeading(format));
  while (written.ok && !signal.aborted) {
    const page: Result<RequestPage> = await readPage(beforeId);
    if (signal.aborted) break;
    written = page.ok ? await sink.write(exportRows(format, page.value.rows)) : page;
    if (!page.ok || !written.ok) break;
    rows += page.value.rows.length;
    onProgress(rows);
    beforeId = page.value.rows.at(-1)?.id ?? null;
    if (page.value.more && beforeId !== null) continue;
    const finished = await sink.finish();
    return finished.ok ? succeed({ rows, cancelled: false }) : finished;
  }
  await sink.abandon();
  return written.ok ? succeed({ rows, cancelled: true }) : written;
}
