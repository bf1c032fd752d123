import type { RequestBodies } from '../contract/request-row.ts';
import { FrameWriter } from './frame.ts';
import type { SqlValue } from './row-columns.ts';
import type { PartitionDay } from './row-id.ts';
import type { RowBatch, SentRow } from './writer-messages.ts';

const MEMORY_BYTES = 256 * 1024;
/** Larger memory is given back to the system; up to here, growing anew for each batch costs more than the bodies. */
const SPARE_BYTES = 4 * 2 ** 20;
/** Pieces of memory that come back from the writer and are used again, since fresh ones cost page faults. */
const SPARE_MEMORIES = 3;

/** A batch as it is sent, with what waits for its answer. */
export interface SentBatch {
  readonly message: RowBatch;
  readonly rows: number;
  readonly bytes: number;
  readonly newestId: number;
  /** One for each row: called with whether it was written; undefined where nobody waits. */
  readonly settle: readonly (((isWritten: boolean) => void) | undefined)[];
}

/** Rows that wait to be sent to the writer thread. Bodies are copied at once, so the caller may reuse its memory. */
export class OutgoingRows {
  /** Opened a moment ago; most of them close before they are due. */
  readonly #fresh = new Map<number, SentRow>();
  readonly #due = new Map<number, SentRow>();
  #closed: SentRow[] = [];
  #settle: ((isWritten: boolean) => void)[] = [];
  #newestId = 0;
  #frames: FrameWriter | null = null;
  #batch = 0;
  readonly #spare: ArrayBuffer[] = [];

  get rows(): number {
    return this.#due.size + this.#closed.length;
  }

  addOpen(id: number, row: SentRow): void {
    this.#fresh.set(id, row);
  }

  /** Makes everything opened until now part of the next batch. */
  releaseOpens(): void {
    for (const [id, row] of this.#fresh) this.#due.set(id, row);
    this.#fresh.clear();
  }

  /** Resolves with whether the row was written. */
  addClose(id: number, day: PartitionDay, values: SqlValue[], bodies: RequestBodies | null): Promise<boolean> {
    // The closed row says everything that the opened one would.
    if (!this.#fresh.delete(id)) this.#due.delete(id);
    this.#frames ??= new FrameWriter(this.#spare.pop() ?? new ArrayBuffer(MEMORY_BYTES));
    const number = Number(values[0]);
    const frameBytes = bodies === null || isEmpty(bodies) ? 0 : this.#frames.appendBodies(number, bodies);
    this.#closed.push({ day, values, frameBytes });
    this.#newestId = Math.max(this.#newestId, id);
    return new Promise((resolve) => this.#settle.push(resolve));
  }

  /** Everything that waits as one batch, or null when nothing does. */
  take(): SentBatch | null {
    if (this.rows === 0) return null;
    const opened = [...this.#due.values()];
    for (const id of this.#due.keys()) this.#newestId = Math.max(this.#newestId, id);
    this.#batch += 1;
    const bytes = this.#frames?.usedBytes ?? 0;
    const memory = this.#frames?.takeMemory() ?? null;
    const rows = [...this.#closed, ...opened];
    const batch: SentBatch = {
      message: { type: 'batch', batch: this.#batch, rows, memory },
      rows: rows.length,
      bytes,
      newestId: this.#newestId,
      settle: this.#settle,
    };
    this.#due.clear();
    this.#closed = [];
    this.#settle = [];
    this.#frames = null;
    return batch;
  }

  giveBack(memory: ArrayBuffer): void {
    if (this.#spare.length < SPARE_MEMORIES && memory.byteLength <= SPARE_BYTES) this.#spare.push(memory);
  }

  /** Tells everyone who waits that their rows were not written. Opened rows stay, as closing says it all again. */
  failAll(): void {
    const settle = this.#settle;
    this.#closed = [];
    this.#settle = [];
    this.#frames = null;
    settle.forEach((resolve) => resolve(false));
  }
}

function isEmpty(bodies: RequestBodies): boolean {
  return (
    bodies.requestBody === null &&
    bodies.responseBody === null &&
    bodies.chunkTimesMs === null &&
    bodies.promptText === null &&
    bodies.answerText === null &&
    Object.keys(bodies.requestHeaders).length === 0 &&
    Object.keys(bodies.responseHeaders).length === 0
  );
}
