import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Result } from '../contract/outpost-error.ts';
import { fail } from '../contract/outpost-error.ts';
import type { RequestSummary } from '../contract/request-row.ts';
import { csvLine } from './csv.ts';

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

export function exportHeading(format: ExportFormat): string {
  return format === 'csv' ? csvLine(csvColumns) : '';
}

export function exportRows(format: ExportFormat, rows: readonly RequestSummary[]): string {
  return rows
    .map((row) => (format === 'csv' ? csvLine(csvColumns.map((column) => row[column])) : `${JSON.stringify(row)}\n`))
    .join('');
}

/**
 * Writes a file that appears under its name only when `produce` has succeeded and everything is on disk; otherwise
 * nothing is left and a former file stays. Prompts are private, hence mode 0600.
 */
export async function writeFileWhole<T>(
  file: string,
  produce: (write: (text: string) => Promise<void>) => Promise<Result<T>>,
): Promise<Result<T>> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(4).toString('hex')}.tmp`);
  let handle: FileHandle | null = null;
  try {
    handle = await open(temporary, 'wx', 0o600);
    const opened = handle;
    const outcome = await produce(async (text) => void (await opened.write(text)));
    if (!outcome.ok) return outcome;
    await handle.sync();
    await handle.close();
    handle = null;
    await rename(temporary, file);
    return outcome;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return fail(
      'DISK_WRITE_FAILED',
      `${file} cannot be written: ${message}.`,
      'Choose a folder that exists, may be written to and has room.',
    );
  } finally {
    await handle?.close();
    await rm(temporary, { force: true });
  }
}
