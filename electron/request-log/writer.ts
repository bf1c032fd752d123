import type { GatewayLogConfig } from '../contract/site-schema.ts';
import { FrameWriter, readFrame, sealFrame } from './frame.ts';
import type { PartitionSet } from './partition-set.ts';
import { isDamage } from './damage.ts';
import type { PendingRow } from './partition.ts';
import { compileRedaction, redactSections } from './redact.ts';
import type { Redact } from './redact.ts';
import { bodyNotes, columnIndex, stateNumber } from './row-columns.ts';
import type { PartitionDay } from './row-id.ts';
import type { FromWriter, RowBatch, SentRow } from './writer-messages.ts';

/** Rows that could not be written are kept up to this much memory, to be written when it works again. */
const RETRY_BYTES = 64 * 2 ** 20;
/** What a row without its frame takes, roughly. */
const ROW_BYTES = 1_000;
/** Rows of one attempt, so that a disk that is still full is not asked for everything again and again. */
const RETRY_ROWS = 256;
const STATE = columnIndex('state');
const ERROR = columnIndex('error');
const ERROR_CODE = columnIndex('error_code');
const BODY_NOTE = columnIndex('body_note');

interface QueuedRow extends PendingRow {
  readonly day: PartitionDay;
  /** Where to report a failure; null for a row that is tried again. */
  readonly origin: { readonly batch: number; readonly index: number } | null;
}

/** Writes what waits, all of it in one commit for each partition. One failed partition does not hold up the others. */
export class Writer {
  readonly #partitions: PartitionSet;
  readonly #post: (message: FromWriter, transfer: readonly ArrayBuffer[]) => void;
  readonly #nowMs: () => number;
  readonly #noteCommit: (day: PartitionDay, rows: number, bytes: number) => void;
  #settings: GatewayLogConfig;
  #redact: Redact | null;
  #waiting: RowBatch[] = [];
  #retry: QueuedRow[] = [];
  #retryBytes = 0;
  #lostRows = 0;
  #trouble: string | null = null;

  constructor(
    partitions: PartitionSet,
    settings: GatewayLogConfig,
    post: (message: FromWriter, transfer: readonly ArrayBuffer[]) => void,
    nowMs: () => number,
    noteCommit: (day: PartitionDay, rows: number, bytes: number) => void,
  ) {
    this.#partitions = partitions;
    this.#post = post;
    this.#nowMs = nowMs;
    this.#noteCommit = noteCommit;
    this.#settings = settings;
    this.#redact = compileRedaction(settings.redact);
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0;
  }

  /** Whether `retry` should be called from time to time: rows wait, or nothing is known to work again. */
  get hasRetries(): boolean {
    return this.#retry.length > 0 || this.#trouble !== null;
  }

  add(batch: RowBatch): void {
    this.#waiting.push(batch);
  }

  configure(settings: GatewayLogConfig): void {
    // What was sent under the former rules is written under them.
    this.commit();
    this.#settings = settings;
    this.#redact = compileRedaction(settings.redact);
  }

  /** Commits everything that waits and answers each batch. */
  commit(): void {
    const batches = this.#waiting;
    if (batches.length === 0) return;
    this.#waiting = [];
    const failedRows = new Map<number, number[]>(batches.map(({ batch }) => [batch, []]));
    const rows = batches.flatMap((batch) => this.#rowsOf(batch));
    const trouble = this.#write(rows, (row, error) => {
      if (row.origin !== null) failedRows.get(row.origin.batch)?.push(row.origin.index);
      this.#keepForRetry(this.#notCompleted(row, error));
    });
    // Trouble is told before the batches are answered, so that a failed close already finds the reason.
    if (trouble !== null || this.#retry.length === 0) this.#tellTrouble(trouble);
    for (const { batch, memory } of batches) {
      const failed = failedRows.get(batch) ?? [];
      const returned = failed.length === 0 ? memory : null;
      this.#post({ type: 'written', batch, failed, memory: returned }, returned === null ? [] : [returned]);
    }
  }

  /** Tries some of the rows that an earlier commit could not write. Returns whether it worked. */
  retry(): boolean {
    const rows = this.#retry.splice(0, RETRY_ROWS);
    this.#retryBytes -= rows.reduce((sum, row) => sum + bytesOf(row), 0);
    const again: QueuedRow[] = [];
    const trouble = this.#write(rows, (row) => again.push(row));
    this.#retry.unshift(...again);
    this.#retryBytes += again.reduce((sum, row) => sum + bytesOf(row), 0);
    if (trouble !== null || this.#retry.length === 0) this.#tellTrouble(trouble);
    return trouble === null;
  }

  /** Writes rows, one commit for each partition, and returns the last reason for which one failed. */
  #write(rows: readonly QueuedRow[], onFailed: (row: QueuedRow, error: string) => void): string | null {
    let trouble: string | null = null;
    for (const [day, rowsOfDay] of Map.groupBy(rows, (row) => row.day)) {
      const error = this.#commitDay(day, rowsOfDay);
      if (error === null) continue;
      trouble = error;
      for (const row of rowsOfDay) onFailed(row, error);
    }
    return trouble;
  }

  #commitDay(day: PartitionDay, rows: readonly QueuedRow[]): string | null {
    const nowMs = this.#nowMs();
    try {
      this.#partitions.get(day, nowMs).commit(rows, nowMs);
      this.#onCommit(day, rows);
      return null;
    } catch (error) {
      try {
        if (!isDamage(error)) return describe(error);
        this.#partitions.setAside(day, nowMs, error);
        this.#partitions.get(day, nowMs).commit(rows, nowMs);
        this.#onCommit(day, rows);
        return null;
      } catch (second) {
        return describe(second);
      }
    }
  }

  #onCommit(day: PartitionDay, rows: readonly QueuedRow[]): void {
    const bytes = rows.reduce((sum, row) => sum + bytesOf(row), 0);
    this.#noteCommit(day, rows.length, bytes);
  }

  #rowsOf(batch: RowBatch): QueuedRow[] {
    let offset = 0;
    return batch.rows.map((row, index) => {
      const origin = { batch: batch.batch, index };
      if (row.frameBytes === 0 || batch.memory === null) return this.#withoutFrame(row, origin);
      const frame = Buffer.from(batch.memory, offset, row.frameBytes);
      offset += row.frameBytes;
      sealFrame(frame);
      return this.#redact === null
        ? { day: row.day, values: row.values, frame, origin }
        : this.#redacted(row, frame, this.#redact, origin);
    });
  }

  #withoutFrame(row: SentRow, origin: QueuedRow['origin']): QueuedRow {
    if (this.#redact !== null) redactError(row.values, this.#redact);
    return { day: row.day, values: row.values, frame: null, origin };
  }

  #redacted(row: SentRow, frame: Buffer, redact: Redact, origin: QueuedRow['origin']): QueuedRow {
    redactError(row.values, redact);
    const { rowNumber, ...given } = readFrame(frame, 0);
    const { sections, droppedBinary } = redactSections(given, redact);
    const rewritten = new FrameWriter(new ArrayBuffer(frame.length + 1024));
    rewritten.appendSections(rowNumber, sections);
    const bytes = rewritten.bytes();
    sealFrame(bytes);
    if (droppedBinary) row.values[BODY_NOTE] = bodyNotes.binaryUnderRedaction;
    return { day: row.day, values: row.values, frame: bytes, origin };
  }

  /** In strict mode the client was told that its answer is not complete; the row must not say otherwise. */
  #notCompleted(row: QueuedRow, error: string): QueuedRow {
    if (this.#settings.durability !== 'relaxed' && row.values[STATE] === stateNumber('ok')) {
      row.values[STATE] = stateNumber('error');
      row.values[ERROR] = `The request log could not be written in time (${error}), so the answer was not completed.`;
      row.values[ERROR_CODE] = 'GATEWAY_RECORD_FAILED';
    }
    return { ...row, origin: null };
  }

  #keepForRetry(row: QueuedRow): void {
    const bytes = bytesOf(row);
    if (this.#retryBytes + bytes > RETRY_BYTES) {
      this.#lostRows += 1;
      return;
    }
    this.#retryBytes += bytes;
    this.#retry.push(row);
  }

  #tellTrouble(trouble: string | null): void {
    if (trouble === this.#trouble && !(trouble === null && this.#lostRows > 0)) return;
    this.#trouble = trouble;
    const lostRows = trouble === null ? this.#lostRows : 0;
    if (trouble === null) this.#lostRows = 0;
    this.#post({ type: 'trouble', error: trouble, lostRows }, []);
  }
}

function bytesOf(row: QueuedRow): number {
  return ROW_BYTES + (row.frame?.length ?? 0);
}

function redactError(values: SentRow['values'], redact: Redact): void {
  const error = values[ERROR];
  if (typeof error === 'string') values[ERROR] = redact(error);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
