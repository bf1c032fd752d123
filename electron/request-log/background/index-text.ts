import path from 'node:path';
import { bodyFileKinds, bodyFileName } from '../body-file-kinds.ts';
import type { BodyFileRow } from '../body-file-kinds.ts';
import { withFile } from '../file-io.ts';
import { textOfFrame, walkFrames } from '../frame-walk.ts';
import type { MaintainedPartition } from './maintained-partition.ts';
import type { IndexedRow, IndexedTo } from './text-index.ts';
import type { Pause } from './pause.ts';

/** One batch of the index: large batches make few segments, and so little merging. */
const BATCH_ROWS = 5_000;
const BATCH_TEXT_CHARACTERS = 8 * 1024 * 1024;
/** Read between two pauses. */
const READ_BYTES = 1024 * 1024;
const SLICE_MS = 20;

/** Files of frames that the index has not seen to their end, oldest first. */
export function unindexedFiles(partition: MaintainedPartition, indexedTo: IndexedTo): readonly BodyFileRow[] {
  return partition
    .bodyFiles()
    .filter((row) => row.kind === bodyFileKinds.frames && row.removed_ms === null)
    .filter((row) => row.file > indexedTo.file || (row.file === indexedTo.file && row.bytes > indexedTo.offset));
}

export function unindexedBytes(partition: MaintainedPartition, indexedTo: IndexedTo): number {
  return unindexedFiles(partition, indexedTo).reduce((sum, row) => sum + row.bytes - startIn(row, indexedTo), 0);
}

/** Adds one batch to the text index. */
export async function* indexText(partition: MaintainedPartition, monotonicMs: () => number): Pause {
  const index = partition.textIndex();
  const rows: IndexedRow[] = [];
  let place = index.indexedTo;
  let characters = 0;
  const isFull = (): boolean => rows.length >= BATCH_ROWS || characters >= BATCH_TEXT_CHARACTERS;
  const take = (row: IndexedRow): void => {
    rows.push(row);
    characters += row.prompt.length + row.answer.length;
  };
  for (const file of unindexedFiles(partition, place)) {
    let offset = startIn(file, place);
    while (offset < file.bytes && !isFull()) {
      offset = readTexts(partition, file, offset, take, isFull);
      place = { file: file.file, offset };
      yield;
    }
    if (isFull()) break;
  }
  // The index takes rising numbers in one go, but flushes what it holds at each step back.
  rows.sort((a, b) => a.n - b.n);
  index.begin();
  try {
    let sliceEndMs = monotonicMs() + SLICE_MS;
    for (const row of rows) {
      index.add(row);
      if (monotonicMs() < sliceEndMs) continue;
      yield;
      sliceEndMs = monotonicMs() + SLICE_MS;
    }
    index.commit(place);
  } finally {
    index.rollback();
  }
}

/** Reads texts up to about READ_BYTES and returns where it stopped. */
function readTexts(
  partition: MaintainedPartition,
  file: BodyFileRow,
  from: number,
  take: (row: IndexedRow) => void,
  isFull: () => boolean,
): number {
  return withFile(path.join(partition.folder, bodyFileName(file.file, file.kind)), (descriptor) => {
    for (const { frame, next } of walkFrames(descriptor, from, file.bytes)) {
      const text = textOfFrame(frame);
      if (text !== null) take({ n: frame.rowNumber, ...text });
      if (next - from >= READ_BYTES || isFull()) return next;
    }
    // Either the end, or nothing recognisable follows: compressing the file will say so.
    return file.bytes;
  });
}

function startIn(row: BodyFileRow, indexedTo: IndexedTo): number {
  return row.file === indexedTo.file ? indexedTo.offset : 0;
}
