import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import { migrate, textMigrations } from '../migrate.ts';
import { TEXT_FILE, openForWriting } from '../open-database.ts';

/** A place between two frames: everything before it is indexed. */
export interface IndexedTo {
  readonly file: number;
  readonly offset: number;
}

export interface IndexedRow {
  readonly n: number;
  readonly prompt: string;
  readonly answer: string;
}

/** 8 MiB. Nobody waits for this database, so its commits may checkpoint. */
const CHECKPOINT_PAGES = 2_048;
/** Pages that one step of merging works on, about a millisecond. */
const MERGE_PAGES = 16;

/** The text index of one partition, opened for writing. */
export class TextIndex {
  readonly #database: Database;
  readonly #statements: ReturnType<typeof prepare>;
  #indexedTo: IndexedTo;
  #mayMerge = true;

  /** Opens or creates it. Throws SQLite's and the system's errors, and SchemaTooNew. */
  constructor(folder: string) {
    // The index can lag behind after a power cut, as what it holds is found again from the frames: NORMAL is enough.
    this.#database = openForWriting(path.join(folder, TEXT_FILE), 'strict', CHECKPOINT_PAGES);
    try {
      migrate(this.#database, textMigrations);
      this.#statements = prepare(this.#database);
      this.#indexedTo = {
        file: this.#statements.readState.get('indexed_file') ?? 0,
        offset: this.#statements.readState.get('indexed_offset') ?? 0,
      };
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  get indexedTo(): IndexedTo {
    return this.#indexedTo;
  }

  /** Whether `mergeStep` may have something to do. */
  get mayMerge(): boolean {
    return this.#mayMerge;
  }

  /** Begins a batch; rows count when `commit` says up to where the index now reaches. */
  begin(): void {
    this.#database.exec('BEGIN IMMEDIATE');
  }

  add(row: IndexedRow): void {
    this.#statements.insertText.run(row.n, row.prompt, row.answer);
  }

  commit(indexedTo: IndexedTo): void {
    this.#statements.writeState.run(indexedTo.file, 'indexed_file');
    this.#statements.writeState.run(indexedTo.offset, 'indexed_offset');
    this.#database.exec('COMMIT');
    this.#indexedTo = indexedTo;
    this.#mayMerge = true;
  }

  rollback(): void {
    if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
  }

  /** Merges a little of what the batches left. */
  mergeStep(): void {
    const before = this.#statements.totalChanges.get() ?? 0;
    this.#statements.merge.run(MERGE_PAGES);
    // In this way FTS5 says that there was nothing to merge.
    this.#mayMerge = (this.#statements.totalChanges.get() ?? 0) - before >= 2;
  }

  shrink(): void {
    this.#database.pragma('wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    this.#database.close();
  }
}

/** Renames a damaged index; a new one begins with what is not compressed yet. */
export function setAsideTextIndex(folder: string, suffix: string): void {
  const file = path.join(folder, TEXT_FILE);
  if (existsSync(file)) renameSync(file, `${file}.${suffix}`);
  for (const companion of ['-wal', '-shm']) rmSync(`${file}${companion}`, { force: true });
}

function prepare(database: Database) {
  return {
    // The same row comes twice when a commit was repeated after a failure; the last one counts.
    insertText: database.prepare<[number, string, string]>(
      'INSERT OR REPLACE INTO request_text (rowid, prompt, answer) VALUES (?, ?, ?)',
    ),
    merge: database.prepare<[number]>("INSERT INTO request_text (request_text, rank) VALUES ('merge', ?)"),
    totalChanges: database.prepare<[], number>('SELECT total_changes()').pluck(),
    readState: database.prepare<[string], number>('SELECT value FROM text_state WHERE name = ?').pluck(),
    writeState: database.prepare<[number, string]>('UPDATE text_state SET value = ? WHERE name = ?'),
  };
}
