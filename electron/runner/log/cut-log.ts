import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { writeFileAtomic } from '../../base/atomic-write.ts';
import type { LogCut, RunLogFiles } from '../../base/run-log-files.ts';
import { readLogCut } from '../../base/run-log-files.ts';

const CHUNK_BYTES = 256 * 1024;
/** How far to look for a line start before a line is cut in the middle after all. */
const LINE_SEARCH_BYTES = 64 * 1024;

interface PendingCut {
  /** Position in the file of the first byte to keep. */
  readonly keepFrom: number;
  readonly sizeBytes: number;
  readonly marker: string;
}

/**
 * Cuts a log to less than half of its cap by copying its newest part over its beginning and truncating. The process goes
 * on appending meanwhile (O_APPEND follows the end of the file), and what it appends is copied too; only a line written
 * in the microseconds between the last look at the size and the truncation is lost. Returns what is true afterwards.
 *
 * The intention is written first, so that a runner killed in between is finished by the next one (`finishCut`).
 */
export function cutLog(files: RunLogFiles, capBytes: number): LogCut {
  const before = readLogCut(files);
  const descriptor = openSync(files.log, 'r+');
  try {
    const sizeBytes = fstatSync(descriptor).size;
    // A little less than half, so that the copy cannot reach the part it is copied from.
    const keepBytes = Math.floor(capBytes / 2 - capBytes / 16);
    const keepFrom = lineStartAfter(descriptor, Math.max(0, sizeBytes - keepBytes), sizeBytes);
    const dropped = before.baseOffset + keepFrom;
    const marker = `[outpost] ${dropped} bytes of older output were cut off here: this log may take ${capBytes} bytes.\n`;
    const pending: PendingCut = { keepFrom, sizeBytes, marker };
    writeFileAtomic(files.cut, JSON.stringify({ ...before, pending }), 0o600);
    moveToFront(descriptor, pending);
    return commit(files, before, pending);
  } finally {
    closeSync(descriptor);
  }
}

/** Finishes a cut that a dead runner began; does nothing when there is none. */
export function finishCut(files: RunLogFiles): void {
  if (!existsSync(files.cut) || !existsSync(files.log)) return;
  const { pending } = JSON.parse(readFileSync(files.cut, 'utf8')) as { pending?: PendingCut };
  if (!pending) return;
  const before = readLogCut(files);
  const descriptor = openSync(files.log, 'r+');
  try {
    // Smaller than it was: the truncation, which is the last step, has happened.
    if (fstatSync(descriptor).size >= pending.sizeBytes) moveToFront(descriptor, pending);
    commit(files, before, pending);
  } finally {
    closeSync(descriptor);
  }
}

function commit(files: RunLogFiles, before: LogCut, pending: PendingCut): LogCut {
  const droppedBytes = before.baseOffset + pending.keepFrom;
  const baseOffset = droppedBytes - Buffer.byteLength(pending.marker);
  const after: LogCut = { droppedBytes, baseOffset, isBeingCut: false };
  writeFileAtomic(files.cut, JSON.stringify(after), 0o600);
  return after;
}

function moveToFront(descriptor: number, pending: PendingCut): void {
  let to = writeSync(descriptor, pending.marker, 0);
  let from = pending.keepFrom;
  const buffer = Buffer.alloc(CHUNK_BYTES);
  for (;;) {
    const count = readSync(descriptor, buffer, 0, buffer.length, from);
    if (count === 0) break;
    writeSync(descriptor, buffer, 0, count, to);
    from += count;
    to += count;
  }
  ftruncateSync(descriptor, to);
}

function lineStartAfter(descriptor: number, position: number, sizeBytes: number): number {
  const buffer = Buffer.alloc(Math.min(LINE_SEARCH_BYTES, sizeBytes - position));
  const count = readSync(descriptor, buffer, 0, buffer.length, position);
  const newline = buffer.subarray(0, count).indexOf(0x0a);
  return newline < 0 ? position : position + newline + 1;
}
