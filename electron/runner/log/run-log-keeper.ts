import {
  appendFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  closeSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import type { Clock } from '../../base/clock.ts';
import { writeFileAtomic } from '../../base/atomic-write.ts';
import { INDEX_ENTRY_BYTES, listLoggedRuns, readLogCut, runLogFiles } from '../../base/run-log-files.ts';
import type { LogCut, RunLogFiles } from '../../base/run-log-files.ts';
import { cutLog, finishCut } from './cut-log.ts';

const BUSY_POLL_MS = 200;
const IDLE_POLL_MS = 1000;
/** Entries of the index are at least this far apart, so that a chatty process makes one of about 1 MB a day. */
const INDEX_INTERVAL_MS = 1000;
/** Quiet for this long: look less often. */
const IDLE_AFTER_MS = 5000;

/**
 * Watches the log of one run, which the process writes by itself: notes when it reached which size and keeps it under
 * its cap. Polls the size, which costs one system call, because a watch would fire for every line.
 */
export class RunLogKeeper {
  readonly files: RunLogFiles;
  readonly #capBytes: number;
  readonly #clock: Clock;
  readonly #onGrowth: (sizeBytes: number) => void;
  #cut: LogCut;
  #isCutUnwritten = false;
  /** Size of the log counted from the start of the run. */
  #endOffset: number;
  #grownAtMs: number;
  #indexedOffset: number;
  #indexedAtMs = 0;
  #cancel: () => void = () => undefined;

  /** Continues where a former keeper of the same run stopped. */
  constructor(
    log: { readonly directory: string; readonly run: number; readonly capBytes: number },
    clock: Clock,
    onGrowth: (sizeBytes: number) => void,
  ) {
    this.files = runLogFiles(log.directory, log.run);
    this.#capBytes = log.capBytes;
    this.#clock = clock;
    this.#onGrowth = onGrowth;
    finishCut(this.files);
    this.#cut = readLogCut(this.files);
    this.#endOffset = lastIndexedOffset(this.files.index);
    this.#indexedOffset = this.#endOffset;
    this.#grownAtMs = clock.nowMs();
  }

  start(): void {
    const quietMs = this.#clock.nowMs() - this.#grownAtMs;
    this.#cancel = this.#clock.after(quietMs > IDLE_AFTER_MS ? IDLE_POLL_MS : BUSY_POLL_MS, () => {
      this.look();
      this.start();
    });
  }

  /** Looks once more and ends. */
  stop(): void {
    this.#cancel();
    this.look();
  }

  look(): void {
    const size = sizeOf(this.files.log);
    if (size === null) return;
    if (this.#cut.baseOffset + size < this.#endOffset) this.#noteForeignTruncation();
    const endOffset = this.#cut.baseOffset + size;
    const nowMs = this.#clock.nowMs();
    const hasGrown = endOffset !== this.#endOffset;
    if (hasGrown) {
      this.#endOffset = endOffset;
      this.#grownAtMs = nowMs;
    }
    try {
      if (this.#isCutUnwritten) this.#writeCut();
      this.#keepInBounds(size, nowMs);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      // A full disk must not end supervision; the next look tries again.
    }
    if (hasGrown) this.#onGrowth(endOffset);
  }

  #keepInBounds(size: number, nowMs: number): void {
    const isDue = nowMs - this.#indexedAtMs >= INDEX_INTERVAL_MS;
    if (this.#indexedOffset !== this.#endOffset && isDue) this.#addToIndex(nowMs);
    if (size > this.#capBytes) {
      this.#cut = cutLog(this.files, this.#capBytes);
      trimIndex(this.files.index, this.#cut.droppedBytes);
    }
  }

  #addToIndex(nowMs: number): void {
    const entry = Buffer.alloc(INDEX_ENTRY_BYTES);
    entry.writeDoubleLE(this.#endOffset, 0);
    entry.writeDoubleLE(nowMs, 8);
    appendFileSync(this.files.index, entry, { mode: 0o600 });
    this.#indexedOffset = this.#endOffset;
    this.#indexedAtMs = nowMs;
  }

  /** Somebody emptied the file, as log rotation by copy and truncate does: what was in it is gone, offsets go on. */
  #noteForeignTruncation(): void {
    this.#cut = { droppedBytes: this.#endOffset, baseOffset: this.#endOffset, isBeingCut: false };
    this.#isCutUnwritten = true;
  }

  #writeCut(): void {
    writeFileAtomic(this.files.cut, JSON.stringify(this.#cut), 0o600);
    this.#isCutUnwritten = false;
  }
}

/** Makes room for the log of a new run: its folder, and old runs beyond `keepRuns` (the new one included) removed. */
export function prepareLogFolder(directory: string, run: number, keepRuns: number): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const old of listLoggedRuns(directory)) {
    if (old > run - keepRuns) continue;
    const files = runLogFiles(directory, old);
    for (const file of [files.log, files.index, files.cut]) rmSync(file, { force: true });
  }
}

function sizeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.size ?? null;
}

/** Forgets the entries about what was cut off. */
function trimIndex(index: string, droppedBytes: number): void {
  if (!existsSync(index)) return;
  const entries = readFileSync(index);
  let first = 0;
  while (first < entries.length && entries.readDoubleLE(first) <= droppedBytes) first += INDEX_ENTRY_BYTES;
  if (first > 0) writeFileAtomic(index, entries.subarray(first), 0o600);
}

/** Where the index ends; a last entry that was only half written is removed. */
function lastIndexedOffset(index: string): number {
  if (!existsSync(index)) return 0;
  const size = statSync(index).size;
  const whole = size - (size % INDEX_ENTRY_BYTES);
  if (whole < size) truncateSync(index, whole);
  if (whole === 0) return 0;
  const descriptor = openSync(index, 'r');
  try {
    const entry = Buffer.alloc(INDEX_ENTRY_BYTES);
    readSync(descriptor, entry, 0, INDEX_ENTRY_BYTES, whole - INDEX_ENTRY_BYTES);
    return entry.readDoubleLE(0);
  } finally {
    closeSync(descriptor);
  }
}
