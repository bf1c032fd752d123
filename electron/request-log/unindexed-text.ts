import path from 'node:path';
import Database from 'better-sqlite3';
import type { Database as Connection, Statement } from 'better-sqlite3';
import { bodyFileKinds, bodyFileName } from './body-file-kinds.ts';
import type { Deadline } from './deadline.ts';
import { textOfFrame, walkFrames } from './frame-walk.ts';
import type { NumberRange } from './number-ranges.ts';
import { withFile } from './file-io.ts';
import { createTextIndex } from './migrations/text-0001-create-text-index.ts';
import type { ReaderPartition } from './reader-partition.ts';

/** Bodies read for one search at most. At 100 requests a second the index is never that far behind. */
const MOST_BYTES = 64 * 2 ** 20;
/** The small index is built anew from where the large one stands when it holds this many rows and that saves some. */
const REBUILD_ROWS = 10_000;
/** It takes in no more rows than this, about 100 MB of index. */
const MOST_ROWS = 50_000;

interface MemoryIndex {
  readonly database: Connection;
  readonly insert: Statement;
  readonly findNewest: Statement;
  readonly findOldest: Statement;
}

const findSql = 'SELECT rowid FROM request_text WHERE request_text MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid';

/** A place between two frames. */
interface Place {
  readonly file: number;
  readonly offset: number;
}

/**
 * Rows that the writer has not indexed yet, in an index of their own in memory. So a row is found the moment it is
 * committed, and by exactly the rules of the large index.
 */
export class UnindexedText {
  readonly #partition: ReaderPartition;
  #memory: MemoryIndex | null = null;
  #rows = 0;
  /** Where the rows in memory begin. */
  #readFrom: Place = { file: 0, offset: 0 };
  /** Everything before it is either in the large index or in memory. */
  #readTo: Place = { file: 0, offset: 0 };

  constructor(partition: ReaderPartition) {
    this.#partition = partition;
  }

  /** Takes in what was committed since the last call. Returns the bytes of bodies that had to be left out. */
  update(deadline: Deadline): number {
    const indexed = this.#indexedTo();
    // Either the large index has overtaken, or it has come far enough that beginning again from there saves memory.
    const isOvertaken = isBefore(this.#readTo, indexed);
    if (isOvertaken || (this.#rows > REBUILD_ROWS && isBefore(this.#readFrom, indexed))) {
      this.#clear();
      this.#readFrom = indexed;
      this.#readTo = indexed;
    }
    const files = this.#partition
      .statement('SELECT file, bytes FROM body_files WHERE kind = ? AND removed_ms IS NULL AND file >= ? ORDER BY file')
      .all(bodyFileKinds.frames, this.#readTo.file) as { file: number; bytes: number }[];
    let budget = this.#rows < MOST_ROWS ? MOST_BYTES : 0;
    let leftOut = 0;
    for (const { file, bytes } of files) {
      const from = file === this.#readTo.file ? this.#readTo.offset : 0;
      if (from >= bytes) continue;
      if (budget <= 0) {
        leftOut += bytes - from;
        continue;
      }
      const to = this.#readFile(file, from, Math.min(bytes, from + budget), deadline);
      budget -= to - from;
      if (to < bytes) {
        leftOut += bytes - to;
        budget = 0;
      }
    }
    return leftOut;
  }

  /** Numbers of matching rows in the range, in order. `update` must have been called. */
  *find(expression: string, range: NumberRange, newestFirst: boolean): Generator<number> {
    if (this.#memory === null) return;
    const statement = newestFirst ? this.#memory.findNewest : this.#memory.findOldest;
    yield* statement.iterate(expression, range.low, range.high) as IterableIterator<number>;
  }

  close(): void {
    this.#clear();
  }

  #readFile(file: number, from: number, end: number, deadline: Deadline): number {
    const name = path.join(this.#partition.folder, bodyFileName(file, bodyFileKinds.frames));
    return withFile(name, (descriptor) => {
      let to = from;
      for (const { frame, next } of walkFrames(descriptor, from, end)) {
        deadline.check();
        const text = textOfFrame(frame);
        if (text !== null) {
          const { insert } = this.#openMemory();
          insert.run(frame.rowNumber, text.prompt, text.answer);
          this.#rows += 1;
        }
        to = next;
        this.#readTo = { file, offset: next };
      }
      return to;
    });
  }

  #indexedTo(): Place {
    if (!this.#partition.hasTextIndex) return { file: 0, offset: 0 };
    const states = this.#partition.statement('SELECT name, value FROM words.text_state').all() as {
      name: string;
      value: number;
    }[];
    const value = (name: string): number => states.find((state) => state.name === name)?.value ?? 0;
    return { file: value('indexed_file'), offset: value('indexed_offset') };
  }

  #openMemory(): MemoryIndex {
    if (this.#memory !== null) return this.#memory;
    const database = new Database(':memory:');
    database.exec(createTextIndex.sql);
    this.#memory = {
      database,
      // A crash between two commits may leave the same row in two frames.
      insert: database.prepare('INSERT OR REPLACE INTO request_text (rowid, prompt, answer) VALUES (?, ?, ?)'),
      findNewest: database.prepare(`${findSql} DESC`).pluck(),
      findOldest: database.prepare(`${findSql} ASC`).pluck(),
    };
    return this.#memory;
  }

  #clear(): void {
    this.#memory?.database.close();
    this.#memory = null;
    this.#rows = 0;
  }
}

function isBefore(a: Place, b: Place): boolean {
  return a.file < b.file || (a.file === b.file && a.offset < b.offset);
}
