import { openSync, closeSync, rmSync } from 'node:fs';
import path from 'node:path';
import { packBlock } from '../block.ts';
import { bodyFileName } from '../body-file-kinds.ts';
import { FrameWriter, sealFrame } from '../frame.ts';
import { walkFrames } from '../frame-walk.ts';
import type { WalkedFrame } from '../frame-walk.ts';
import type { MaintainedPartition, MovedFrame } from './maintained-partition.ts';
import type { Pause } from './pause.ts';

/** What is compressed together: more packs better, less is quicker to read one row from. */
const BLOCK_FRAMES = 16;
const BLOCK_BYTES = 256 * 1024;

/**
 * Moves the bodies of one complete file into compressed blocks and removes the file. Every block is a transaction of its
 * own, so after a crash it goes on where it stopped. The texts stay behind: they are in the index, and in the bodies.
 */
export async function* compressBodies(
  partition: MaintainedPartition,
  file: number,
  nowMs: () => number,
  warn: (warning: string) => void,
): Pause {
  const source = partition.bodyFile(file);
  if (source === null) throw new Error(`There is no body file ${file} to compress.`);
  const name = path.join(partition.folder, bodyFileName(file, source.kind));
  const descriptor = openSync(name, 'r');
  try {
    let block: WalkedFrame[] = [];
    let bytes = 0;
    let seenTo = source.moved_bytes;
    let skippedBytes = 0;
    for (const walked of walkFrames(descriptor, source.moved_bytes, source.bytes)) {
      skippedBytes += walked.offset - seenTo;
      seenTo = walked.next;
      if (block.length > 0 && bytes + walked.frame.length > BLOCK_BYTES) {
        await move(partition, file, block, nowMs());
        yield;
        block = [];
        bytes = 0;
      }
      block.push(walked);
      bytes += walked.frame.length;
      if (block.length < BLOCK_FRAMES) continue;
      await move(partition, file, block, nowMs());
      yield;
      block = [];
      bytes = 0;
    }
    if (block.length > 0) await move(partition, file, block, nowMs());
    skippedBytes += source.bytes - seenTo;
    if (skippedBytes > 0) {
      warn(
        `${skippedBytes} bytes of bodies of ${partition.day} are damaged on disk and were not kept; their rows are.`,
      );
    }
  } finally {
    closeSync(descriptor);
  }
  partition.finishMove(file, nowMs());
  rmSync(name, { force: true });
}

async function move(
  partition: MaintainedPartition,
  file: number,
  block: readonly WalkedFrame[],
  nowMs: number,
): Promise<void> {
  const packed = new FrameWriter(new ArrayBuffer(block.reduce((sum, { frame }) => sum + frame.length, 0)));
  const moved: MovedFrame[] = block.map(({ frame, offset }) => {
    const inner = packed.usedBytes;
    const length = packed.appendSections(frame.rowNumber, { ...frame, promptText: null, answerText: null });
    sealFrame(packed.bytes().subarray(inner, inner + length));
    return { n: frame.rowNumber, fromOffset: offset, inner };
  });
  const bytes = await packBlock(packed.bytes());
  partition.moveToBlock(file, block.at(-1)?.next ?? 0, moved, bytes, nowMs);
}
