import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import { migrate, NewerSchemaError } from './migrate.ts';

export interface OpenedDatabase {
  readonly database: Database.Database;
  /** Where a damaged database was moved to, or null. Nothing is ever deleted. */
  readonly setAside: string | null;
}

/**
 * Opens outpost.db, making or migrating it. A damaged one is set aside under another name and a new one started, since a
 * service that does not come up helps nobody. Fails with DATA_DIRECTORY_UNUSABLE when the folder cannot be written or
 * the database is from a newer Outpost.
 */
export function openDatabase(file: string, nowMs: number): Result<OpenedDatabase> {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const database = openChecked(file);
    if (database) return succeed({ database, setAside: null });
    const setAside = moveAside(file, nowMs);
    const fresh = openChecked(file);
    if (fresh) return succeed({ database: fresh, setAside });
    return unusable(file, 'a new database is damaged as well');
  } catch (error) {
    return unusable(file, error instanceof Error ? error.message : String(error));
  }
}

function unusable(file: string, reason: string): Result<never> {
  return fail(
    'DATA_DIRECTORY_UNUSABLE',
    `Cannot open ${file}: ${reason}.`,
    'Check that the folder exists, belongs to you and has free space, or give another one with --data.',
  );
}

/** Null when the file is there and damaged. */
function openChecked(file: string): Database.Database | null {
  let database: Database.Database | null = null;
  try {
    keepPrivate(file);
    database = new Database(file, { timeout: 5000 });
    setPragmas(database);
    if (database.pragma('quick_check(1)', { simple: true }) !== 'ok') {
      database.close();
      return null;
    }
    migrate(database);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof NewerSchemaError) throw error;
    const code = (error as { code?: unknown }).code;
    if (code === 'SQLITE_NOTADB' || code === 'SQLITE_ERROR' || String(code).startsWith('SQLITE_CORRUPT')) return null;
    throw error;
  }
}

/**
 * It holds digests of keys and the history of the site: for its owner alone. Done before SQLite opens the file, since the
 * write-ahead log takes over the mode that the database has then.
 */
function keepPrivate(file: string): void {
  if (process.platform === 'win32') return;
  closeSync(openSync(file, 'a', 0o600));
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) chmodSync(file + suffix, 0o600);
  }
}

function setPragmas(database: Database.Database): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // The tables are small; the default cache of 16 MB would only be memory.
  database.pragma('cache_size = -1024');
  for (const [name, expected] of [
    ['journal_mode', 'wal'],
    ['synchronous', 2],
    ['foreign_keys', 1],
  ] as const) {
    const actual = database.pragma(name, { simple: true });
    if (actual !== expected) throw new Error(`SQLite did not take ${name} = ${expected}, it has ${String(actual)}`);
  }
}

function moveAside(file: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-');
  const target = `${file}.damaged-${stamp}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix);
  }
  return target;
}
