import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import { BodyAppender } from './body-appender.ts';
import { bodyFileKinds, bodyFileName, bodyFileStates } from './body-file-kinds.ts';
import type { BodyFileRow } from './body-file-kinds.ts';
import { syncFolder } from './file-io.ts';
import { migrate, requestMigrations } from './migrate.ts';
import { ROWS_FILE, openForWriting, setDurability } from './open-database.ts';
import type { Durability } from './open-database.ts';
import { bodyNotes, columnIndex } from './row-columns.ts';
import type { SqlValue } from './row-columns.ts';
import type { PartitionDay } from './row-id.ts';
import { prepareStatements } from './statements.ts';
import type { Statements } from './statements.ts';

/** A body file is complete at this size: small enough to be dropped or moved at once, large enough to be few. */
const BODY_FILE_BYTES = 64 * 2 ** 20;

/** A row to be written, with its frame when it has bodies. The checksum of the frame is in place. */
export interface PendingRow {
  readonly values: SqlValue[];
  readonly frame: Buffer | null;
}

/** One day of the log, opened for writing. Used by the writer thread alone. */
export class Partition {
  readonly day: PartitionDay;
  readonly folder: string;
  readonly database: Database;
  readonly statements: Statements;
  readonly #frames: BodyAppender;
  #durability: Durability;
  #newestTimeMs: number;
  #backstepMs: number;

  /** Opens or creates the partition. Throws SQLite's and the system's errors, and SchemaTooNew. */
  constructor(folder: string, day: PartitionDay, durability: Durability) {
    this.day = day;
    this.folder = folder;
    const isNew = !existsSync(folder);
    if (isNew) mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#durability = durability;
    this.database = openForWriting(path.join(folder, ROWS_FILE), durability);
    try {
      migrate(this.database, requestMigrations);
      this.statements = prepareStatements(this.database);
      if (isNew && durability === 'power-safe') {
        syncFolder(folder);
        syncFolder(path.dirname(folder));
      }
      this.#newestTimeMs = this.statements.readState.get('newest_time_ms') ?? 0;
      this.#backstepMs = this.statements.readState.get('clock_backstep_ms') ?? 0;
      this.#frames = new BodyAppender(folder);
    } catch (error) {
      this.database.close();
      throw error;
    }
  }

  /** Highest row number, 0 when there are none. */
  newestNumber(): number {
    return this.statements.newestNumber.get() ?? 0;
  }

  setDurability(durability: Durability): void {
    this.#durability = durability;
    setDurability(this.database, durability);
  }

  /**
   * Goes on with the body file that was open, cutting bytes that never counted. Returns what an operator should know.
   * Called once after opening.
   */
  resumeFrames(): string | null {
    const row = this.statements.openFrames.get();
    if (row === undefined || this.#frames.resume(row)) return null;
    this.#recordBodyFile({ ...row, state: bodyFileStates.sealed });
    return `${bodyFileName(row.file, row.kind)} of ${this.day} is shorter than recorded; bodies at its end are lost, rows are kept.`;
  }

  /** Closes the rows that a crash left running. */
  closeRunning(nowMs: number): void {
    this.statements.closeRunning.run({
      error: 'The gateway ended while this request ran. What the client received is not known.',
      code: 'GATEWAY_ENDED',
      note: bodyNotes.crashed,
      nowMs,
    });
  }

  /** Writes bodies, then rows, in one go: after it returns all of them are as durable as asked, or none is when it throws. */
  commit(rows: readonly PendingRow[], nowMs: number): void {
    const pieces: Buffer[] = [];
    let bytes = 0;
    for (const { frame } of rows) {
      if (frame === null) continue;
      pieces.push(frame);
      bytes += frame.length;
    }
    let position = bytes > 0 ? this.#appendFrames(joinNeighbours(pieces), nowMs) : 0;
    const file = this.#frames.current;
    let newestMs = this.#newestTimeMs;
    let backstepMs = this.#backstepMs;
    this.database
      .transaction(() => {
        for (const { values, frame } of rows) {
          const timeMs = Number(values[TIME]);
          if (timeMs > newestMs) newestMs = timeMs;
          else if (newestMs - timeMs > backstepMs) backstepMs = newestMs - timeMs;
          if (frame !== null && file !== null) {
            values[BODY_FILE] = file.file;
            values[BODY_OFFSET] = position;
            values[BODY_BYTES] = frame.length;
            position += frame.length;
          }
          this.statements.writeRequest.run(...values);
        }
        if (file !== null && bytes > 0) this.statements.writeBodyFile.run({ ...file, bytes: file.bytes + bytes });
        // Only ever too large after a failed commit, which does no harm.
        if (newestMs !== this.#newestTimeMs) this.statements.writeState.run('newest_time_ms', newestMs);
        if (backstepMs !== this.#backstepMs) this.statements.writeState.run('clock_backstep_ms', backstepMs);
      })
      .immediate();
    if (bytes > 0) this.#frames.commit(bytes);
    this.#newestTimeMs = newestMs;
    this.#backstepMs = backstepMs;
  }

  /** Ends the file that frames are appended to, so that it can be moved or dropped. */
  sealFrames(): void {
    const open = this.#frames.current;
    if (open === null) return;
    if (open.bytes > 0) this.#recordBodyFile({ ...open, state: bodyFileStates.sealed });
    this.#frames.close();
  }

  #recordBodyFile(row: BodyFileRow): void {
    this.statements.writeBodyFile.run(row);
  }

  close(): void {
    this.#frames.close();
    this.database.close();
  }

  #appendFrames(pieces: readonly Buffer[], nowMs: number): number {
    if ((this.#frames.current?.bytes ?? 0) >= BODY_FILE_BYTES) this.sealFrames();
    if (this.#frames.current === null)
      this.#frames.begin((this.statements.newestFrames.get() ?? -1) + 2, bodyFileKinds.frames, nowMs);
    return this.#frames.append(pieces, this.#durability === 'power-safe');
  }
}

const TIME = columnIndex('time_ms');
const BODY_FILE = columnIndex('body_file');
const BODY_OFFSET = columnIndex('body_offset');
const BODY_BYTES = columnIndex('body_bytes');

/** Frames of one batch lie side by side in memory; written as one piece they cost one copy in the system. */
function joinNeighbours(frames: readonly Buffer[]): readonly Buffer[] {
  const joined: Buffer[] = [];
  for (const frame of frames) {
    const last = joined.at(-1);
    if (last !== undefined && last.buffer === frame.buffer && last.byteOffset + last.length === frame.byteOffset) {
      joined[joined.length - 1] = Buffer.from(last.buffer, last.byteOffset, last.length + frame.length);
    } else joined.push(frame);
  }
  return joined;
}
