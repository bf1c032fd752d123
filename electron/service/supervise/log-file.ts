import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import type { LogCut, RunLogFiles } from '../../base/run-log-files.ts';
import { readLogCut } from '../../base/run-log-files.ts';

/** A line longer than this is cut rather than held in memory. */
const LONGEST_LINE_BYTES = 1024 * 1024;
const BLOCK_BYTES = 64 * 1024;
/** A piece of a log before its text is decoded; its numbers mean the same as those of `LogChunk`. */
export interface RawChunk {
  readonly run: number;
  readonly fromOffset: number;
  readonly toOffset: number;
  readonly sizeBytes: number;
  readonly bytes: Buffer;
  readonly droppedBytes: number;
}

/** How often a reader tries again when the cap cuts the file under it, which takes milliseconds. */
const MAX_TRIES = 5;

/**
 * Whole lines from an offset on, at most `maxBytes` of them (one line at least). With `includeRest` an unfinished last
 * line is included. Null when the log does not exist.
 */
export function readForward(
  files: RunLogFiles,
  run: number,
  fromOffset: number,
  maxBytes: number,
  includeRest: boolean,
): Promise<RawChunk | null> {
  return readUndisturbed(files, async (file, cut, size) => {
    const start = Math.min(Math.max(0, fromOffset - cut.baseOffset), size);
    let bytes = await readAt(file, start, Math.min(maxBytes, size - start));
    let end = wholeLinesEnd(bytes);
    if (end === 0 && start + bytes.length < size) {
      bytes = await readAt(file, start, Math.min(LONGEST_LINE_BYTES, size - start));
      end = bytes.indexOf(0x0a) + 1 || (bytes.length === LONGEST_LINE_BYTES ? bytes.length : 0);
    }
    if (includeRest && start + bytes.length === size) end = bytes.length;
    return toChunk(run, cut, size, start, bytes.subarray(0, end));
  });
}

/** The last lines, an unfinished one included, within `maxBytes`. */
export function readLastLines(
  files: RunLogFiles,
  run: number,
  lines: number,
  maxBytes: number,
): Promise<RawChunk | null> {
  return readUndisturbed(files, async (file, cut, size) => {
    let start = size;
    let bytes = Buffer.alloc(0);
    let missing = lines;
    while (start > 0 && size - start < maxBytes) {
      const blockStart = Math.max(0, start - BLOCK_BYTES);
      const block = await readAt(file, blockStart, start - blockStart);
      // The newline that ends the very last line begins no further one.
      const from = start === size && block.at(-1) === 0x0a ? block.length - 2 : block.length - 1;
      let position = from < 0 ? -1 : block.lastIndexOf(0x0a, from);
      while (position >= 0 && missing > 1) {
        missing--;
        position = position === 0 ? -1 : block.lastIndexOf(0x0a, position - 1);
      }
      if (position >= 0) {
        bytes = Buffer.concat([block.subarray(position + 1), bytes]);
        start = blockStart + position + 1;
        break;
      }
      bytes = Buffer.concat([block, bytes]);
      start = blockStart;
    }
    return toChunk(run, cut, size, start, bytes);
  });
}

/** Size of a log counted from the start of its run, or null when it does not exist. */
export async function logEndOffset(files: RunLogFiles): Promise<number | null> {
  try {
    return readLogCut(files).baseOffset + (await stat(files.log)).size;
  } catch {
    // Removed with the oldest runs, or not begun.
    return null;
  }
}

async function readUndisturbed(
  files: RunLogFiles,
  read: (file: FileHandle, cut: LogCut, size: number) => Promise<RawChunk>,
): Promise<RawChunk | null> {
  let file: FileHandle;
  try {
    file = await open(files.log, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    for (let attempt = 1; ; attempt++) {
      const cut = readLogCut(files);
      const { size } = await file.stat();
      const chunk = await read(file, cut, size);
      const after = readLogCut(files);
      const isUndisturbed = !cut.isBeingCut && after.baseOffset === cut.baseOffset && !after.isBeingCut;
      if (isUndisturbed || attempt === MAX_TRIES) return chunk;
      await new Promise((resolve) => setTimeout(resolve, 20 * attempt));
    }
  } finally {
    await file.close();
  }
}

function toChunk(run: number, cut: LogCut, size: number, start: number, bytes: Buffer): RawChunk {
  return {
    run,
    fromOffset: cut.baseOffset + start,
    toOffset: cut.baseOffset + start + bytes.length,
    sizeBytes: cut.baseOffset + size,
    bytes,
    droppedBytes: cut.droppedBytes,
  };
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer<ArrayBuffer>> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function wholeLinesEnd(bytes: Buffer): number {
  return bytes.lastIndexOf(0x0a) + 1;
}
