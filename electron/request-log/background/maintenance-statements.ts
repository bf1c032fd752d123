import type { Database } from 'better-sqlite3';
import { bodyFileKinds } from '../body-file-kinds.ts';
import type { BodyFileRow } from '../body-file-kinds.ts';
import { columnRowsSql } from '../columns/column-block.ts';
import type { ColumnRow } from '../columns/column-block.ts';

interface MovedRow {
  readonly n: number;
  readonly fromFile: number;
  readonly fromOffset: number;
  readonly file: number;
  readonly offset: number;
  readonly bytes: number;
  readonly inner: number;
}

export interface BlockState {
  readonly rows: number;
  readonly running: number;
  readonly first: number;
  readonly last: number;
  readonly newestMs: number;
}

/** Every statement of the maintenance thread on a partition's rows, prepared once. */
export function prepareMaintenance(database: Database) {
  return {
    newestNumber: database.prepare<[], number | null>('SELECT max(n) FROM requests').pluck(),
    nextNumber: database.prepare<[number], number>('SELECT n FROM requests WHERE n >= ? ORDER BY n LIMIT 1').pluck(),
    /** Of numbers in a range that holds at least one row. */
    blockState: database.prepare<[number, number], BlockState>(
      `SELECT count(*) AS rows, coalesce(sum(state = 0), 0) AS running, min(n) AS first, max(n) AS last,
         max(time_ms) AS newestMs
       FROM requests NOT INDEXED WHERE n BETWEEN ? AND ?`,
    ),
    columnRows: database.prepare<[number, number], ColumnRow>(columnRowsSql),
    /** Only a row that still refers to this very frame. */
    moveBodies: database.prepare<MovedRow>(
      `UPDATE requests SET body_file = :file, body_offset = :offset, body_bytes = :bytes, body_inner = :inner
       WHERE n = :n AND body_file = :fromFile AND body_offset = :fromOffset AND body_inner IS NULL`,
    ),
    bodyFiles: database.prepare<[], BodyFileRow>('SELECT * FROM body_files ORDER BY file'),
    bodyFile: database.prepare<[number], BodyFileRow>('SELECT * FROM body_files WHERE file = ?'),
    newestBlocks: database
      .prepare<[], number | null>(`SELECT max(file) FROM body_files WHERE kind = ${bodyFileKinds.blocks}`)
      .pluck(),
    writeBodyFile: database.prepare<BodyFileRow>(
      `INSERT INTO body_files (file, kind, state, bytes, moved_bytes, opened_ms, removed_ms)
       VALUES (:file, :kind, :state, :bytes, :moved_bytes, :opened_ms, :removed_ms)
       ON CONFLICT (file) DO UPDATE SET state = excluded.state, bytes = excluded.bytes, removed_ms = excluded.removed_ms`,
    ),
    writeMovedBytes: database.prepare<[number, number]>('UPDATE body_files SET moved_bytes = ? WHERE file = ?'),
    removeBodyFile: database.prepare<[number, number, number]>(
      'UPDATE body_files SET state = ?, removed_ms = ? WHERE file = ?',
    ),
  };
}
