import { FRAME_HEADER_BYTES, FrameDamaged, frameLength, readFrame } from './frame.ts';
import type { Frame } from './frame.ts';
import { readAt } from './file-io.ts';

const READ_BYTES = 1024 * 1024;
/** Longer texts are indexed up to here: 512 KiB of UTF-8, about the longest prompt that models take. */
const INDEXED_TEXT_BYTES = 512 * 1024;

export interface WalkedFrame {
  readonly frame: Frame;
  readonly offset: number;
  /** Where the next frame begins. */
  readonly next: number;
}

/**
 * Frames of an open file from `from` up to `end`, in order. A frame whose checksum does not match is passed over; the
 * walk ends early where no frame can be recognised any more.
 */
export function* walkFrames(descriptor: number, from: number, end: number): Generator<WalkedFrame> {
  let start = from;
  let buffer: Buffer = Buffer.alloc(0);
  let offset = from;
  while (offset < end) {
    if (offset - start + FRAME_HEADER_BYTES > buffer.length) {
      buffer = readAt(descriptor, offset, Math.min(READ_BYTES, end - offset));
      start = offset;
    }
    const length = frameLength(buffer, offset - start);
    if (length === null || offset + length > end) return;
    if (offset - start + length > buffer.length) {
      buffer = readAt(descriptor, offset, Math.min(Math.max(READ_BYTES, length), end - offset));
      start = offset;
    }
    const frame = undamagedFrame(buffer, offset - start);
    offset += length;
    if (frame !== null) yield { frame, offset: offset - length, next: offset };
  }
}

function undamagedFrame(bytes: Buffer, offset: number): Frame | null {
  try {
    return readFrame(bytes, offset);
  } catch (error) {
    if (error instanceof FrameDamaged) return null;
    throw error;
  }
}

/** What is searched of a request, or null when it has no text. */
export function textOfFrame(frame: Frame): { readonly prompt: string; readonly answer: string } | null {
  if (frame.promptText === null && frame.answerText === null) return null;
  return { prompt: indexedText(frame.promptText), answer: indexedText(frame.answerText) };
}

function indexedText(bytes: Uint8Array | null): string {
  if (bytes === null) return '';
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, INDEXED_TEXT_BYTES)).toString('utf8');
}
