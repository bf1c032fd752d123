import { closeSync, constants, existsSync, fstatSync, ftruncateSync, openSync } from 'node:fs';
import path from 'node:path';
import { bodyFileName, bodyFileStates } from './body-file-kinds.ts';
import type { BodyFileRow } from './body-file-kinds.ts';
import { syncData, syncFolder, writeAllAt } from './file-io.ts';

/**
 * Appends to the open body file of a partition. What it writes counts only once `commit` is called: until then the next
 * append begins at the same place, so a failed commit leaves nothing behind.
 */
export class BodyAppender {
  readonly #folder: string;
  #row: BodyFileRow | null = null;
  #descriptor: number | null = null;
  #isNew = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Goes on with a file of a former life, cutting what was never committed. Returns false when bytes are missing. */
  resume(row: BodyFileRow): boolean {
    const name = path.join(this.#folder, bodyFileName(row.file, row.kind));
    if (!existsSync(name)) return false;
    const descriptor = openSync(name, 'r+');
    const length = fstatSync(descriptor).size;
    if (length < row.bytes) {
      closeSync(descriptor);
      return false;
    }
    if (length > row.bytes) ftruncateSync(descriptor, row.bytes);
    this.#descriptor = descriptor;
    this.#row = row;
    return true;
  }

  get current(): BodyFileRow | null {
    return this.#row;
  }

  /** Begins a file; the former one must be sealed by the caller. */
  begin(file: number, kind: number, nowMs: number): void {
    this.close();
    const name = path.join(this.#folder, bodyFileName(file, kind));
    this.#descriptor = openSync(name, constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC, 0o600);
    this.#row = {
      file,
      kind,
      state: bodyFileStates.open,
      bytes: 0,
      moved_bytes: 0,
      opened_ms: nowMs,
      removed_ms: null,
    };
    this.#isNew = true;
  }

  /** Writes the pieces behind what is committed and returns where they begin. Throws the system's error. */
  append(pieces: readonly Buffer[], sync: boolean): number {
    if (this.#row === null || this.#descriptor === null) throw new Error('append() before begin()');
    writeAllAt(this.#descriptor, pieces, this.#row.bytes);
    if (sync) this.sync();
    return this.#row.bytes;
  }

  /** Counts the appended bytes; called when the rows that refer to them are committed. */
  commit(bytes: number): void {
    if (this.#row === null) throw new Error('commit() before begin()');
    this.#row = { ...this.#row, bytes: this.#row.bytes + bytes };
  }

  /** Makes what was appended survive a power cut. */
  sync(): void {
    if (this.#descriptor === null) return;
    syncData(this.#descriptor);
    if (this.#isNew) syncFolder(this.#folder);
    this.#isNew = false;
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
    this.#row = null;
  }
}
