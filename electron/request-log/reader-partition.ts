import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Database, Statement } from 'better-sqlite3';
import type { RequestFilter } from '../contract/request-row.ts';
import type { ColumnCache } from './columns/column-cache.ts';
import { ColumnReader } from './columns/column-reader.ts';
import type { KindTable } from './columns/kinds.ts';
import { columnMigrations, requestMigrations, schemaVersion, textMigrations } from './migrate.ts';
import type { Migration } from './migrate.ts';
import type { NumberRange } from './number-ranges.ts';
import { COLUMNS_FILE, ROWS_FILE, TEXT_FILE, openForReading } from './open-database.ts';
import type { PartitionDay } from './row-id.ts';
import { UnindexedText } from './unindexed-text.ts';

/** One day of the log, opened for reading beside the writer. */
export class ReaderPartition {
  readonly day: PartitionDay;
  readonly folder: string;
  readonly unindexed: UnindexedText;
  readonly columns: ColumnReader;
  readonly #database: Database;
  readonly #statements = new Map<string, Statement>();
  #hasTextIndex = false;
  #hasColumns = false;

  /** Throws SQLite's errors. */
  constructor(folder: string, day: PartitionDay, cache: ColumnCache, kinds: KindTable) {
    this.day = day;
    this.folder = folder;
    this.#database = openForReading(path.join(folder, ROWS_FILE));
    this.unindexed = new UnindexedText(this);
    this.columns = new ColumnReader(this, cache, kinds);
  }

  /** False for a moment while the writer creates it. */
  get isComplete(): boolean {
    return schemaVersion(this.#database) >= (requestMigrations.at(-1)?.version ?? 0);
  }

  /** Whether `words.request_text` can be queried; false until the writer has begun to index this day. */
  get hasTextIndex(): boolean {
    this.#hasTextIndex ||= this.#attach(TEXT_FILE, 'words', textMigrations);
    return this.#hasTextIndex;
  }

  /** Whether `cols.blocks` can be queried; false until the writer has begun to keep columns of this day. */
  get hasColumns(): boolean {
    this.#hasColumns ||= this.#attach(COLUMNS_FILE, 'cols', columnMigrations);
    return this.#hasColumns;
  }

  /** A statement, prepared once for each text. */
  statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** A single number, or null. */
  number(sql: string, ...values: (string | number)[]): number | null {
    const row = this.statement(sql).get(...values) as Record<string, number | null> | undefined;
    return row === undefined ? null : (Object.values(row)[0] ?? null);
  }

  /** Row numbers that can match by time, or null when none can. Exact only together with the condition on time itself. */
  rangeOf(filter: RequestFilter): NumberRange | null {
    const newest = this.number('SELECT max(n) FROM requests');
    const oldest = this.number('SELECT min(n) FROM requests');
    if (newest === null || oldest === null) return null;
    let range: NumberRange = { low: oldest, high: newest };
    // Numbers follow time but for steps back of the clock, the largest of which is kept.
    const backstepMs = this.number("SELECT value FROM partition_state WHERE name = 'clock_backstep_ms'") ?? 0;
    if (filter.sinceMs !== undefined) range = { ...range, low: this.#firstAt(filter.sinceMs - backstepMs, range) };
    if (filter.untilMs !== undefined) range = { ...range, high: this.#firstAt(filter.untilMs + backstepMs, range) - 1 };
    return range.low > range.high ? null : range;
  }

  close(): void {
    this.unindexed.close();
    this.columns.close();
    this.#database.close();
  }

  #attach(name: string, schema: string, migrations: readonly Migration[]): boolean {
    const file = path.join(this.folder, name);
    if (!existsSync(file)) return false;
    this.#database.prepare(`ATTACH ? AS ${schema}`).run(file);
    const version = Number(this.#database.pragma(`${schema}.user_version`, { simple: true }));
    if (version >= (migrations.at(-1)?.version ?? 0)) {
      // Each of a month's partitions has its own pages: the system keeps those of the files anyway.
      this.#database.pragma(`${schema}.cache_size = -512`);
      return true;
    }
    this.#database.exec(`DETACH ${schema}`);
    return false;
  }

  /** The first number in the range whose row was accepted at or after the time, one past the range when none was. */
  #firstAt(timeMs: number, range: NumberRange): number {
    let low = range.low;
    let high = range.high + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = this.number('SELECT time_ms FROM requests WHERE n >= ? ORDER BY n LIMIT 1', middle);
      if (found !== null && found < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
