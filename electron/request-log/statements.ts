import type { Database } from 'better-sqlite3';
import { bodyFileKinds, bodyFileStates } from './body-file-kinds.ts';
import type { BodyFileRow } from './body-file-kinds.ts';
import { requestColumns } from './row-columns.ts';
import type { SqlValue } from './row-columns.ts';

/** Every statement of the writer on a partition's rows, prepared once. */
export function prepareStatements(database: Database) {
  const updates = requestColumns.filter((column) => column !== 'n').map((column) => `${column} = excluded.${column}`);
  return {
    /** Opens a row, closes it, or both at once; opening never undoes a close that was written before it. */
    writeRequest: database.prepare<SqlValue[]>(
      `INSERT INTO requests (${requestColumns.join(', ')}) VALUES (${requestColumns.map(() => '?').join(', ')})
       ON CONFLICT (n) DO UPDATE SET ${updates.join(', ')} WHERE excluded.state <> 0`,
    ),
    newestNumber: database.prepare<[], number | null>('SELECT max(n) FROM requests').pluck(),
    /** Rows that a crash left running. */
    closeRunning: database.prepare<{ error: string; code: string; note: number; nowMs: number }>(
      `UPDATE requests SET state = 2, error = :error, error_code = :code, body_note = :note,
         duration_ms = max(0, :nowMs - time_ms)
       WHERE state = 0`,
    ),
    openFrames: database.prepare<[], BodyFileRow>(
      `SELECT * FROM body_files WHERE kind = ${bodyFileKinds.frames} AND state = ${bodyFileStates.open}`,
    ),
    newestFrames: database
      .prepare<[], number | null>(`SELECT max(file) FROM body_files WHERE kind = ${bodyFileKinds.frames}`)
      .pluck(),
    writeBodyFile: database.prepare<BodyFileRow>(
      `INSERT INTO body_files (file, kind, state, bytes, moved_bytes, opened_ms, removed_ms)
       VALUES (:file, :kind, :state, :bytes, :moved_bytes, :opened_ms, :removed_ms)
       ON CONFLICT (file) DO UPDATE SET state = excluded.state, bytes = excluded.bytes,
         moved_bytes = excluded.moved_bytes, removed_ms = excluded.removed_ms`,
    ),
    readState: database.prepare<[string], number>('SELECT value FROM partition_state WHERE name = ?').pluck(),
    writeState: database.prepare<[string, number]>(
      'INSERT INTO partition_state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    ),
  };
}

export type Statements = ReturnType<typeof prepareStatements>;
