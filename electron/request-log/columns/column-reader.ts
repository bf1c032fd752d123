import { isDamage } from '../damage.ts';
import type { Deadline } from '../deadline.ts';
import type { NumberRange } from '../number-ranges.ts';
import type { ReaderPartition } from '../reader-partition.ts';
import { startOfDayMs } from '../row-id.ts';
import { unpackSummary } from './block-summary.ts';
import type { BlockSummary } from './block-summary.ts';
import {
  BLOCK_ROWS,
  COLUMNS_PER_BLOCK,
  GrowingBlock,
  blockOf,
  columnNumbers,
  columnRowSql,
  columnRowsSql,
} from './column-block.ts';
import type { BlockColumns, ColumnName, ColumnRow } from './column-block.ts';
import type { ColumnCache } from './column-cache.ts';
import type { Kind, KindTable } from './kinds.ts';
import { countSteps } from './step-counts.ts';
import type { CountedSteps } from './step-counts.ts';

interface StoredBlock {
  readonly block: number;
  readonly last_n: number;
  readonly oldest_ms: number;
  readonly newest_ms: number;
}

/** How many blocks that are not on disk one question may make from rows; each takes about a tenth of a second. */
const MOST_GROWN = 8;
/** Grown blocks kept for the next question, about 1.2 MB each. */
const GROWN_KEPT = 8;

/** The columns of one partition: blocks from disk, and those that are not there yet made from the rows. */
export class ColumnReader {
  /** Shared by all partitions, so that what is counted for a kind is counted once. */
  readonly kinds: KindTable;
  readonly #partition: ReaderPartition;
  readonly #cache: ColumnCache;
  readonly #grown = new Map<number, GrowingBlock>();
  /** Numbers on disk to numbers in `kinds`. */
  readonly #kindNumbers: number[] = [0];

  constructor(partition: ReaderPartition, cache: ColumnCache, kinds: KindTable) {
    this.#partition = partition;
    this.#cache = cache;
    this.kinds = kinds;
  }

  /**
   * Blocks that hold rows of the range, newest first or oldest first. A range of numbers stands for blocks that would
   * take too long to make: they are on disk once the background work has got to them.
   */
  *blocks(range: NumberRange, newestFirst: boolean, deadline: Deadline): Generator<BlockColumns | NumberRange> {
    const stored = this.#stored();
    const blocks = this.#blockNumbers(range, stored);
    let grown = 0;
    for (const block of newestFirst ? blocks.toReversed() : blocks) {
      deadline.check();
      const low = Math.max(range.low, block * BLOCK_ROWS);
      const high = Math.min(range.high, (block + 1) * BLOCK_ROWS - 1);
      const onDisk = stored.get(block);
      if (onDisk !== undefined && (onDisk.last_n >= high || !this.#hasRows(onDisk.last_n + 1, high))) {
        this.#grown.delete(block);
        yield this.#fromDisk(onDisk);
        continue;
      }
      if (!this.#grown.has(block)) grown += 1;
      if (grown > MOST_GROWN) yield { low, high };
      else yield this.#grow(block, high);
    }
  }

  close(): void {
    this.#grown.clear();
  }

  #hasRows(low: number, high: number): boolean {
    return (
      low <= high &&
      this.#partition.number('SELECT 1 FROM requests WHERE n BETWEEN ? AND ? LIMIT 1', low, high) !== null
    );
  }

  #stored(): ReadonlyMap<number, StoredBlock> {
    try {
      if (!this.#partition.hasColumns) return new Map();
      const rows = this.#partition
        .statement('SELECT block, last_n, oldest_ms, newest_ms FROM cols.blocks')
        .all() as StoredBlock[];
      if (rows.length > 0) this.#readKinds();
      return new Map(rows.map((row) => [row.block, row]));
    } catch (error) {
      // Damaged columns are made anew by the maintenance thread; until then everything is read from the rows.
      if (isDamage(error)) return new Map();
      throw error;
    }
  }

  #readKinds(): void {
    const rows = this.#partition
      .statement('SELECT * FROM cols.kinds WHERE kind >= ? ORDER BY kind')
      .all(this.#kindNumbers.length) as (Kind & { readonly kind: number })[];
    for (const { kind, ...values } of rows) this.#kindNumbers[kind] = this.kinds.numberOf(values);
  }

  /** Numbers of the blocks that hold rows in the range, rising. There may be wide gaps between them. */
  #blockNumbers(range: NumberRange, stored: ReadonlyMap<number, StoredBlock>): readonly number[] {
    const blocks: number[] = [];
    const next = this.#partition.statement('SELECT n FROM requests WHERE n BETWEEN ? AND ? ORDER BY n LIMIT 1').pluck();
    for (let block = blockOf(range.low); block <= blockOf(range.high); block += 1) {
      if (!stored.has(block)) {
        const n = next.get(Math.max(range.low, block * BLOCK_ROWS), range.high) as number | undefined;
        if (n === undefined) break;
        block = blockOf(n);
      }
      blocks.push(block);
    }
    return blocks;
  }

  #grow(block: number, high: number): GrowingBlock {
    let grown = this.#grown.get(block);
    this.#grown.delete(block);
    if (grown === undefined) {
      grown = new GrowingBlock(block, this.kinds, startOfDayMs(this.#partition.day));
    } else {
      const one = this.#partition.statement(columnRowSql);
      for (const place of [...grown.open]) {
        const row = one.get(grown.firstNumber + place) as ColumnRow | undefined;
        if (row !== undefined) grown.update(row);
      }
    }
    this.#grown.set(block, grown);
    for (const oldest of this.#grown.keys()) {
      if (this.#grown.size <= GROWN_KEPT) break;
      this.#grown.delete(oldest);
    }
    const from = grown.firstNumber + grown.length;
    const to = grown.firstNumber + BLOCK_ROWS - 1;
    if (from <= Math.min(high, to)) {
      grown.append(this.#partition.statement(columnRowsSql).iterate(from, to) as IterableIterator<ColumnRow>);
    }
    return grown;
  }

  #fromDisk(stored: StoredBlock): BlockColumns {
    const { block, last_n } = stored;
    const key = `${this.#partition.day}/${block}/${last_n}`;
    const column = <T extends ArrayBufferView>(name: ColumnName, view: (bytes: ArrayBuffer) => T): T =>
      this.#cache.get(
        `${key}/${name}`,
        (value) => value.byteLength,
        () => view(this.#readColumn(block, name)),
      );
    // The steps themselves are not kept: what they add up to is asked for far more often.
    const counted = (name: 'ttftSteps' | 'durationSteps'): CountedSteps =>
      this.#cache.get(
        `${key}/${name}/counted`,
        ({ steps }) => steps.length * 6,
        () => countSteps(new Uint16Array(this.#readColumn(block, name))),
      );
    const length = last_n - block * BLOCK_ROWS + 1;
    const summary = (): BlockSummary =>
      this.#cache.get(
        `${key}/summary`,
        ({ kinds }) => kinds.length * 40,
        () => this.#readSummary(block),
      );
    return {
      block,
      length,
      oldestMs: stored.oldest_ms,
      newestMs: stored.newest_ms,
      get summary() {
        return summary();
      },
      codes: () => column('codes', (bytes) => new Uint16Array(bytes)),
      times: () => column('times', (bytes) => new Int32Array(bytes)),
      ttft: () => column('ttft', (bytes) => new Float32Array(bytes)),
      duration: () => column('duration', (bytes) => new Float32Array(bytes)),
      prompt: () => column('prompt', (bytes) => new Uint32Array(bytes)),
      completion: () => column('completion', (bytes) => new Uint32Array(bytes)),
      idHashes: () => column('idHashes', (bytes) => new Uint32Array(bytes)),
      counts: () => {
        const counts = column('counts', (bytes) => new Uint32Array(bytes));
        return counts.length === 0 ? null : counts;
      },
      ttftStepCounts: () => counted('ttftSteps'),
      durationStepCounts: () => counted('durationSteps'),
      ttftSteps: () => column('ttftSteps', (bytes) => new Uint16Array(bytes)),
      durationSteps: () => column('durationSteps', (bytes) => new Uint16Array(bytes)),
    };
  }

  #readColumn(block: number, name: ColumnName): ArrayBuffer {
    const data = this.#partition
      .statement('SELECT data FROM cols.columns WHERE place = ?')
      .pluck()
      .get(block * COLUMNS_PER_BLOCK + columnNumbers[name]) as Buffer | undefined;
    if (data === undefined) return new ArrayBuffer(0);
    // Wide views need the beginning of their memory.
    const isAlone = data.byteOffset === 0 && data.byteLength === data.buffer.byteLength;
    return isAlone ? (data.buffer as ArrayBuffer) : new Uint8Array(data).buffer;
  }

  #readSummary(block: number): BlockSummary {
    const bytes = this.#partition.statement('SELECT summary FROM cols.blocks WHERE block = ?').pluck().get(block);
    const summary = unpackSummary(bytes as Buffer);
    return { ...summary, kinds: summary.kinds.map((kind) => this.#kindNumbers[kind] ?? 0) };
  }
}
