/** What a partition has waiting, gathered before anything is decided. */
export interface PartitionWork {
  /** Whether new requests are opened in it. */
  readonly isNewest: boolean;
  /** Bytes of frames that the text index has not seen. */
  readonly unindexedBytes: number;
  /** Since when there are some, or null. */
  readonly unindexedSinceMs: number | null;
  readonly mayMerge: boolean;
  /** Pages written to the write-ahead log since the last checkpoint, roughly. */
  readonly walPages: number;
  /** A block of rows whose columns can be kept, or null. */
  readonly blockToKeep: number | null;
  /** When to look for such a block again, or null when only new rows can make one. */
  readonly lookForBlocksAtMs: number | null;
  readonly lastCommitMs: number;
  /** Complete files of frames, all indexed, that are not compressed yet; oldest first. */
  readonly filesToCompress: readonly number[];
  /** When the file that frames are appended to was begun, or null when there is none with anything in it. */
  readonly openFramesSinceMs: number | null;
}

export type Task =
  | { readonly type: 'index' }
  | { readonly type: 'merge' }
  | { readonly type: 'checkpoint' }
  | { readonly type: 'columns'; readonly block: number }
  | { readonly type: 'compress'; readonly file: number }
  | { readonly type: 'seal' }
  /** Nothing now, but something at that time. */
  | { readonly type: 'wait'; readonly untilMs: number }
  | { readonly type: 'settled' };

/** Few large batches make a better index than many small ones, and half a second is soon enough to be searchable. */
export const INDEX_DELAY_MS = 500;
export const INDEX_AT_BYTES = 1024 * 1024;
/** 8 MiB: a checkpoint of that takes a few milliseconds. */
export const CHECKPOINT_AT_PAGES = 2_048;
export const CHECKPOINT_DELAY_MS = 5_000;
/** A quiet log is compressed too. */
export const SEAL_AFTER_MS = 3_600_000;

/** What to do next for a partition: what makes rows findable first, what saves space last. */
export function nextTask(work: PartitionWork, nowMs: number): Task {
  const waits: number[] = [];
  // A tenth of a second for 32,768 rows: it would never come up behind an index that cannot keep pace.
  if (work.blockToKeep !== null) return { type: 'columns', block: work.blockToKeep };
  if (work.unindexedBytes > 0) {
    const dueMs = (work.unindexedSinceMs ?? nowMs) + INDEX_DELAY_MS;
    if (work.unindexedBytes >= INDEX_AT_BYTES || nowMs >= dueMs) return { type: 'index' };
    waits.push(dueMs);
  }
  if (work.walPages >= CHECKPOINT_AT_PAGES) return { type: 'checkpoint' };
  if (work.mayMerge) return { type: 'merge' };
  const [file] = work.filesToCompress;
  if (file !== undefined) return { type: 'compress', file };
  if (work.openFramesSinceMs !== null) {
    const dueMs = work.openFramesSinceMs + SEAL_AFTER_MS;
    if (!work.isNewest || nowMs >= dueMs) return { type: 'seal' };
    waits.push(dueMs);
  }
  if (work.walPages > 0) {
    const dueMs = work.lastCommitMs + CHECKPOINT_DELAY_MS;
    if (nowMs >= dueMs) return { type: 'checkpoint' };
    waits.push(dueMs);
  }
  if (work.lookForBlocksAtMs !== null) waits.push(work.lookForBlocksAtMs);
  return waits.length === 0 ? { type: 'settled' } : { type: 'wait', untilMs: Math.min(...waits) };
}
