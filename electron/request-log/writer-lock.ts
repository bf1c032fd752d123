import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';

/** A gateway that is being replaced may need a moment to end. */
const WAIT_MS = 5_000;

/**
 * Makes sure that one writer at a time works on a log. The lock is a transaction on a file of its own: the system takes
 * it back when the process dies, however it dies. Returns the release, or null when another writer holds it.
 */
export function lockForWriting(directory: string): (() => void) | null {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const database = new Database(path.join(directory, 'writer.lock'), { timeout: WAIT_MS });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (error) {
    database.close();
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY') return null;
    throw error;
  }
}
