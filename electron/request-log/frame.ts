import { crc32 } from 'node:zlib';
import type { RequestBodies } from '../contract/request-row.ts';

/*
 * A frame holds everything of one request that is too large for its row. All numbers are little-endian:
 *
 *   0  u32 magic "OLF1"
 *   4  u32 CRC-32 of everything from byte 8 to the end of the frame
 *   8  u32 length of the whole frame
 *  12  u32 row number inside the partition
 *  16  u8  kind: 1 = bodies of a request; 17..19 zero
 *  20  u32 x 5 lengths of the sections, 0xffffffff for "none"
 *  40  the sections: request body, response body, details (JSON: headers, chunk times), prompt text, answer text
 */
const MAGIC = 0x31464c4f;
const KIND_BODIES = 1;
const NONE = 0xffffffff;
export const FRAME_HEADER_BYTES = 40;
/** Lengths are 32 bits wide, and a Buffer takes no more either. */
export const MAX_FRAME_BYTES = 2 ** 31 - 1;

/** Order of the sections in a frame. */
export interface FrameSections {
  readonly requestBody: Uint8Array | null;
  readonly responseBody: Uint8Array | null;
  readonly details: Uint8Array | null;
  readonly promptText: Uint8Array | null;
  readonly answerText: Uint8Array | null;
}

export interface FrameDetails {
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly chunkTimesMs: readonly number[] | null;
}

export interface Frame extends FrameSections {
  readonly rowNumber: number;
  readonly length: number;
}

/** A frame that is cut short or whose checksum does not match. */
export class FrameDamaged extends Error {}

/** Collects frames one behind the other in one piece of memory, so that they cross threads and reach the disk in one go. */
export class FrameWriter {
  #buffer: Buffer<ArrayBuffer>;
  #used = 0;

  constructor(memory: ArrayBuffer) {
    this.#buffer = Buffer.from(memory);
  }

  get usedBytes(): number {
    return this.#used;
  }

  /** The memory with the frames in front; the writer must not be used afterwards. */
  takeMemory(): ArrayBuffer {
    return this.#buffer.buffer;
  }

  /** The frames written so far. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#used);
  }

  /** Appends the frame of a request; its checksum is added by `sealFrame`. Returns its length in bytes. */
  appendBodies(rowNumber: number, bodies: RequestBodies): number {
    const details: FrameDetails = {
      requestHeaders: bodies.requestHeaders,
      responseHeaders: bodies.responseHeaders,
      chunkTimesMs: bodies.chunkTimesMs,
    };
    return this.#append(rowNumber, [
      bodies.requestBody,
      bodies.responseBody,
      JSON.stringify(details),
      bodies.promptText,
      bodies.answerText,
    ]);
  }

  appendSections(rowNumber: number, sections: FrameSections): number {
    return this.#append(rowNumber, [
      sections.requestBody,
      sections.responseBody,
      sections.details,
      sections.promptText,
      sections.answerText,
    ]);
  }

  #append(rowNumber: number, sections: readonly (Uint8Array | string | null)[]): number {
    let needed = FRAME_HEADER_BYTES;
    // A UTF-16 unit takes at most three bytes of UTF-8.
    for (const section of sections) needed += typeof section === 'string' ? section.length * 3 : (section?.length ?? 0);
    if (needed > MAX_FRAME_BYTES) throw new RangeError(`the bodies of one request take over ${MAX_FRAME_BYTES} bytes`);
    this.#reserve(needed);
    const buffer = this.#buffer;
    const start = this.#used;
    let position = start + FRAME_HEADER_BYTES;
    sections.forEach((section, index) => {
      let length = NONE;
      if (typeof section === 'string') length = buffer.write(section, position, 'utf8');
      else if (section !== null) {
        buffer.set(section, position);
        length = section.length;
      }
      buffer.writeUInt32LE(length, start + 20 + index * 4);
      if (length !== NONE) position += length;
    });
    const length = position - start;
    buffer.writeUInt32LE(MAGIC, start);
    buffer.writeUInt32LE(0, start + 4);
    buffer.writeUInt32LE(length, start + 8);
    buffer.writeUInt32LE(rowNumber, start + 12);
    buffer.writeUInt32LE(KIND_BODIES, start + 16);
    this.#used = position;
    return length;
  }

  #reserve(bytes: number): void {
    const wanted = this.#used + bytes;
    if (wanted <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(
      Math.max(wanted, Math.min(this.#buffer.length * 2, this.#buffer.length + 2 ** 24)),
    );
    this.#buffer.copy(larger, 0, 0, this.#used);
    this.#buffer = larger;
  }
}

/** Writes the checksum into a complete frame. */
export function sealFrame(frame: Buffer): void {
  frame.writeUInt32LE(crc32(frame.subarray(8)), 4);
}

/** Length of the frame that starts here, or null when no frame does. Does not check the checksum. */
export function frameLength(bytes: Buffer, offset: number): number | null {
  if (offset + FRAME_HEADER_BYTES > bytes.length) return null;
  if (bytes.readUInt32LE(offset) !== MAGIC) return null;
  const length = bytes.readUInt32LE(offset + 8);
  return length >= FRAME_HEADER_BYTES ? length : null;
}

/** Reads and checks the frame that starts at `offset`; its sections are views into `bytes`. Throws FrameDamaged. */
export function readFrame(bytes: Buffer, offset: number): Frame {
  const length = frameLength(bytes, offset);
  if (length === null || offset + length > bytes.length) throw new FrameDamaged('the frame is cut short');
  const frame = bytes.subarray(offset, offset + length);
  if (crc32(frame.subarray(8)) !== frame.readUInt32LE(4)) throw new FrameDamaged('the checksum does not match');
  let position = FRAME_HEADER_BYTES;
  const section = (index: number): Buffer | null => {
    const sectionLength = frame.readUInt32LE(20 + index * 4);
    if (sectionLength === NONE) return null;
    position += sectionLength;
    return frame.subarray(position - sectionLength, position);
  };
  return {
    rowNumber: frame.readUInt32LE(12),
    length,
    requestBody: section(0),
    responseBody: section(1),
    details: section(2),
    promptText: section(3),
    answerText: section(4),
  };
}

export function readDetails(details: Uint8Array | null): FrameDetails {
  if (details === null) return { requestHeaders: {}, responseHeaders: {}, chunkTimesMs: null };
  // Written by `appendBodies` and covered by the checksum, so the shape is known.
  return JSON.parse(Buffer.from(details.buffer, details.byteOffset, details.length).toString('utf8')) as FrameDetails;
}
