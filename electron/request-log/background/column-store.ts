import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import { packSummary } from '../columns/block-summary.ts';
import { COLUMNS_PER_BLOCK, columnNumbers } from '../columns/column-block.ts';
import type { BlockColumns, ColumnName } from '../columns/column-block.ts';
import { KindTable } from '../columns/kinds.ts';
import type { Kind } from '../columns/kinds.ts';
import { isDamage } from '../damage.ts';
import { columnMigrations, migrate } from '../migrate.ts';
import { COLUMNS_FILE, openForWriting } from '../open-database.ts';

/** Columns are read in pieces of up to 128 KiB. */
const PAGE_BYTES = 32_768;
const CHECKPOINT_PAGES = 256;

/** The columns of one partition on disk, opened for writing. */
export class ColumnStore {
  readonly kinds = new KindTable();
  readonly #database: Database;
  readonly #statements: ReturnType<typeof prepare>;
  #storedKinds: number;

  /** Opens or creates it; a damaged one is deleted, as everything in it is made from rows. Throws SQLite's errors. */
  static open(folder: string): ColumnStore {
    const file = path.join(folder, COLUMNS_FILE);
    try {
      return new ColumnStore(file);
    } catch (error) {
      if (!isDamage(error)) throw error;
      deleteColumns(folder);
      return new ColumnStore(file);
    }
  }

  private constructor(file: string) {
    this.#database = openForWriting(file, 'strict', CHECKPOINT_PAGES, PAGE_BYTES);
    try {
      migrate(this.#database, columnMigrations);
      this.#statements = prepare(this.#database);
      for (const { kind: _, ...values } of this.#statements.kinds.all()) this.kinds.numberOf(values);
      this.#storedKinds = this.kinds.size;
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** Highest row number of each block that is kept. */
  lastNumbers(): ReadonlyMap<number, number> {
    return new Map(this.#statements.blocks.all().map(({ block, last_n }) => [block, last_n]));
  }

  /** Writes a block, in place of a former one. Its kinds must be numbers of `kinds`. */
  write(columns: BlockColumns, lastNumber: number): void {
    this.#database
      .transaction(() => {
        for (let kind = this.#storedKinds + 1; kind <= this.kinds.size; kind += 1) {
          this.#statements.writeKind.run({ kind, ...this.kinds.get(kind) });
        }
        const { block, oldestMs, newestMs, summary } = columns;
        this.#statements.writeBlock.run(block, lastNumber, oldestMs, newestMs, packSummary(summary));
        for (const [name, number] of Object.entries(columnNumbers)) {
          // The names are the keys of that very list.
          const values = columns[name as ColumnName]();
          if (values === null) continue;
          const bytes = Buffer.from(values.buffer, values.byteOffset, columns.length * values.BYTES_PER_ELEMENT);
          this.#statements.writeColumn.run(block * COLUMNS_PER_BLOCK + number, bytes);
        }
      })
      .immediate();
    this.#storedKinds = this.kinds.size;
  }

  shrink(): void {
    this.#database.pragma('wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    this.#database.close();
  }
}

export function deleteColumns(folder: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path.join(folder, `${COLUMNS_FILE}${suffix}`), { force: true });
}

function prepare(database: Database) {
  return {
    kinds: database.prepare<[], Kind & { readonly kind: number }>('SELECT * FROM kinds ORDER BY kind'),
    writeKind: database.prepare<Kind & { readonly kind: number }>(
      `INSERT INTO kinds (kind, state, http_status, model, served_by, feature, key_name, finish_reason, error_code)
       VALUES (:kind, :state, :http_status, :model, :served_by, :feature, :key_name, :finish_reason, :error_code)`,
    ),
    blocks: database.prepare<[], { readonly block: number; readonly last_n: number }>(
      'SELECT block, last_n FROM blocks',
    ),
    writeBlock: database.prepare<[number, number, number, number, Buffer]>(
      'INSERT OR REPLACE INTO blocks (block, last_n, oldest_ms, newest_ms, summary) VALUES (?, ?, ?, ?, ?)',
    ),
    writeColumn: database.prepare<[number, Buffer]>('INSERT OR REPLACE INTO columns (place, data) VALUES (?, ?)'),
  };
}
