import { csvLine } from './csv.ts';
import type { RequestSummary } from './request-row.ts';

/** How the command line and the window write requests to a file. */
export type ExportFormat = 'jsonl' | 'csv';

/** Columns of a CSV export, in order: a contract with scripts, new ones go to the end. */
const csvColumns = [
  'id',
  'time',
  'state',
  'http_status',
  'model',
  'model_asked',
  'served_by',
  'feature',
  'key',
  'route',
  'method',
  'stream',
  'prompt_tokens',
  'completion_tokens',
  'cached_tokens',
  'ttft_ms',
  'duration_ms',
  'queue_ms',
  'finish_reason',
  'retries',
  'error',
  'error_code',
  'request_id',
  'client_address',
  'count',
] as const satisfies readonly (keyof RequestSummary)[];

/** What an export begins with: the names of the columns, or nothing. */
export function exportHeading(format: ExportFormat): string {
  return format === 'csv' ? csvLine(csvColumns) : '';
}

/** One line per row. */
export function exportRows(format: ExportFormat, rows: readonly RequestSummary[]): string {
  return rows
    .map((row) => (format === 'csv' ? csvLine(csvColumns.map((column) => row[column])) : `${JSON.stringify(row)}\n`))
    .join('');
}
