import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import { BodyAppender } from '../body-appender.ts';
import { bodyFileKinds, bodyFileName, bodyFileStates, parseBodyFileName } from '../body-file-kinds.ts';
import type { BodyFileRow } from '../body-file-kinds.ts';
import { requestMigrations, migrate } from '../migrate.ts';
import { ROWS_FILE, openForWriting } from '../open-database.ts';
import type { PartitionDay } from '../row-id.ts';
import type { ColumnRow } from '../columns/column-block.ts';
import { ColumnStore, deleteColumns } from './column-store.ts';
import { prepareMaintenance } from './maintenance-statements.ts';
import type { BlockState } from './maintenance-statements.ts';
import { TextIndex, setAsideTextIndex } from './text-index.ts';

/** A file of blocks is complete at this size. */
const BLOCK_FILE_BYTES = 64 * 2 ** 20;

/** A frame on its way from a file of frames into a block. */
export interface MovedFrame {
  readonly n: number;
  readonly fromOffset: number;
  /** Where it begins in the unpacked block. */
  readonly inner: number;
}

/**
 * One day of the log as the maintenance thread sees it. It owns the text index and the files of blocks; on the rows it
 * does short transactions beside the writer's.
 */
export class MaintainedPartition {
  readonly day: PartitionDay;
  readonly folder: string;
  readonly #database: Database;
  readonly #statements: ReturnType<typeof prepareMaintenance>;
  readonly #blocks: BodyAppender;
  #textIndex: TextIndex | null = null;
  #columnStore: ColumnStore | null = null;

  /** Throws SQLite's and the system's errors, and SchemaTooNew. */
  constructor(folder: string, day: PartitionDay) {
    this.day = day;
    this.folder = folder;
    // What is moved is synced before its origin is deleted, so NORMAL is enough whatever the settings say.
    this.#database = openForWriting(path.join(folder, ROWS_FILE), 'strict');
    try {
      migrate(this.#database, requestMigrations);
      this.#statements = prepareMaintenance(this.#database);
      this.#blocks = new BodyAppender(folder);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  bodyFiles(): readonly BodyFileRow[] {
    return this.#statements.bodyFiles.all();
  }

  bodyFile(file: number): BodyFileRow | null {
    return this.#statements.bodyFile.get(file) ?? null;
  }

  newestNumber(): number {
    return this.#statements.newestNumber.get() ?? 0;
  }

  /** The first row number from `number` on, or null when there is none. */
  nextNumber(number: number): number | null {
    return this.#statements.nextNumber.get(number) ?? null;
  }

  /** What rows there are between two numbers, of which at least one is. */
  blockState(low: number, high: number): BlockState {
    const state = this.#statements.blockState.get(low, high);
    if (state === undefined) throw new Error('An aggregate without groups has one row.');
    return state;
  }

  columnRows(low: number, high: number): readonly ColumnRow[] {
    return this.#statements.columnRows.all(low, high);
  }

  /** The columns, opened or created when first asked for. */
  columnStore(): ColumnStore {
    this.#columnStore ??= ColumnStore.open(this.folder);
    return this.#columnStore;
  }

  /** Begins the columns anew: they are made from rows, so nothing is lost. */
  resetColumns(): void {
    this.#columnStore?.close();
    this.#columnStore = null;
    deleteColumns(this.folder);
  }

  /** The text index, opened or created when first asked for. */
  textIndex(): TextIndex {
    this.#textIndex ??= new TextIndex(this.folder);
    return this.#textIndex;
  }

  /** Begins the text index anew, keeping the damaged one beside it. */
  resetTextIndex(nowMs: number): void {
    this.#textIndex?.close();
    this.#textIndex = null;
    setAsideTextIndex(this.folder, `damaged-${nowMs}`);
  }

  /**
   * Makes table and folder agree after a crash: files that are gone are noted, files that no row refers to are deleted.
   * Returns what an operator should know. Called once after opening.
   */
  reconcile(nowMs: number): readonly string[] {
    const warnings: string[] = [];
    const rows = new Map(this.bodyFiles().map((row) => [row.file, row]));
    for (const row of rows.values()) {
      if (row.removed_ms !== null) continue;
      const name = bodyFileName(row.file, row.kind);
      if (!existsSync(path.join(this.folder, name))) {
        warnings.push(`${name} of ${this.day} is missing; the bodies in it are lost, its rows are kept.`);
        this.#statements.writeBodyFile.run({ ...row, state: bodyFileStates.lost, removed_ms: nowMs });
      } else if (row.kind === bodyFileKinds.blocks && row.state === bodyFileStates.open && !this.#blocks.resume(row)) {
        warnings.push(`${name} of ${this.day} is shorter than recorded; bodies at its end are lost, rows are kept.`);
        this.#statements.writeBodyFile.run({ ...row, state: bodyFileStates.sealed });
      }
    }
    for (const name of readdirSync(this.folder)) {
      const parsed = parseBodyFileName(name);
      if (parsed === null) continue;
      const row = rows.get(parsed.file);
      // A file of frames without a record may be the one that the writer begins at this moment.
      const isNeeded = row === undefined ? parsed.kind === bodyFileKinds.frames : row.removed_ms === null;
      if (!isNeeded) rmSync(path.join(this.folder, name), { force: true });
    }
    return warnings;
  }

  /** Appends a block that holds frames of `source` up to `movedBytes`, and lets their rows refer to it. */
  moveToBlock(source: number, movedBytes: number, frames: readonly MovedFrame[], block: Buffer, nowMs: number): void {
    if ((this.#blocks.current?.bytes ?? 0) >= BLOCK_FILE_BYTES) this.#sealBlocks();
    if (this.#blocks.current === null) {
      this.#blocks.begin((this.#statements.newestBlocks.get() ?? 0) + 2, bodyFileKinds.blocks, nowMs);
    }
    const offset = this.#blocks.append([block], false);
    const target = this.#blocks.current;
    if (target === null) throw new Error('The file of blocks was just begun.');
    this.#database
      .transaction(() => {
        for (const { n, fromOffset, inner } of frames) {
          const place = { n, fromFile: source, fromOffset, file: target.file, offset, bytes: block.length, inner };
          this.#statements.moveBodies.run(place);
        }
        this.#statements.writeMovedBytes.run(movedBytes, source);
        this.#statements.writeBodyFile.run({ ...target, bytes: target.bytes + block.length });
      })
      .immediate();
    this.#blocks.commit(block.length);
  }

  /** Records that everything in `source` is in blocks and syncs that, after which it may be deleted. */
  finishMove(source: number, nowMs: number): void {
    this.#blocks.sync();
    this.#statements.removeBodyFile.run(bodyFileStates.moved, nowMs, source);
    this.checkpoint();
  }

  /** Records that the bodies in a file are dropped, after which it may be deleted. */
  dropBodies(file: number, nowMs: number): void {
    if (this.#blocks.current?.file === file) this.#sealBlocks();
    this.#statements.removeBodyFile.run(bodyFileStates.dropped, nowMs, file);
  }

  /** Moves the write-ahead log of the rows into their database; neither readers nor the writer wait for it. */
  checkpoint(): void {
    this.#database.pragma('wal_checkpoint(PASSIVE)');
  }

  /** Gives the space of the write-ahead logs back, for a day that is no longer written to. */
  shrink(): void {
    this.#database.pragma('wal_checkpoint(TRUNCATE)');
    this.#textIndex?.shrink();
    this.#columnStore?.shrink();
  }

  close(): void {
    this.#blocks.close();
    this.#textIndex?.close();
    this.#columnStore?.close();
    this.#database.close();
  }

  #sealBlocks(): void {
    const open = this.#blocks.current;
    if (open === null) return;
    this.#blocks.sync();
    if (open.bytes > 0) this.#statements.writeBodyFile.run({ ...open, state: bodyFileStates.sealed });
    this.#blocks.close();
  }
}
