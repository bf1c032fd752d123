import Database from 'better-sqlite3';
import type { Database as Connection } from 'better-sqlite3';
import type { GatewayLogConfig } from '../contract/site-schema.ts';

export type Durability = GatewayLogConfig['durability'];

export const ROWS_FILE = 'rows.db';
export const TEXT_FILE = 'text.db';
export const COLUMNS_FILE = 'columns.db';

/** How long to wait for another connection's lock. Nothing holds one for long: readers never lock the writer out. */
const BUSY_MS = 5_000;
/** Rows are checkpointed by the maintenance thread; only when that falls behind, a commit does it at 64 MiB. */
const CHECKPOINT_LATE_PAGES = 16_384;
const WAL_KEPT_BYTES = 16 * 2 ** 20;

/**
 * Opens a database for writing, with every pragma set and checked. A commit checkpoints when the write-ahead log has
 * `checkpointPages` pages. A new one gets pages of `pageBytes`. Throws SQLite's errors.
 */
export function openForWriting(
  file: string,
  durability: Durability,
  checkpointPages = CHECKPOINT_LATE_PAGES,
  pageBytes: number | null = null,
): Connection {
  const database = new Database(file, { timeout: BUSY_MS });
  try {
    // Only a database that is still empty takes another size.
    if (pageBytes !== null) database.pragma(`page_size = ${pageBytes}`);
    setPragma(database, 'journal_mode', 'wal');
    setPragma(database, 'wal_autocheckpoint', checkpointPages);
    setPragma(database, 'journal_size_limit', WAL_KEPT_BYTES);
    setPragma(database, 'cache_size', -8192);
    setPragma(database, 'temp_store', 2, 'memory');
    setDurability(database, durability);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** NORMAL survives the death of the process, FULL also a power cut. */
export function setDurability(database: Connection, durability: Durability): void {
  setPragma(database, 'synchronous', durability === 'power-safe' ? 2 : 1);
}

/** Opens a database that is written by another connection. Throws SQLite's errors. */
export function openForReading(file: string): Connection {
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
  try {
    setPragma(database, 'query_only', 1);
    setPragma(database, 'cache_size', -1024);
    setPragma(database, 'temp_store', 2, 'memory');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function setPragma(database: Connection, name: string, value: string | number, written: string | number = value): void {
  database.pragma(`${name} = ${written}`);
  const taken: unknown = database.pragma(name, { simple: true });
  if (taken !== value) throw new Error(`SQLite did not take ${name} = ${written}; it is ${String(taken)}`);
}
