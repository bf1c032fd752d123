import { promisify } from 'node:util';
import { constants, crc32, zstdCompress, zstdDecompressSync } from 'node:zlib';
import { FrameDamaged } from './frame.ts';

/*
 * A block holds frames one behind the other, compressed with zstd. Little-endian:
 *
 *   0  u32 magic "OLB1"
 *   4  u32 CRC-32 of the compressed bytes
 *   8  u32 length of the compressed bytes
 *  12  u32 length of the frames
 *  16  the compressed bytes
 */
const MAGIC = 0x31424c4f;
const HEADER_BYTES = 16;
/** Level 3: a block takes 1 to 2 ms, and does so in the thread pool. */
const LEVEL = 3;

const compress = promisify(zstdCompress);

/** Packs frames into a block, compressing in the thread pool. */
export async function packBlock(frames: Buffer): Promise<Buffer> {
  const packed = await compress(frames, { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } });
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt32LE(crc32(packed), 4);
  header.writeUInt32LE(packed.length, 8);
  header.writeUInt32LE(frames.length, 12);
  return Buffer.concat([header, packed]);
}

/** The frames of a block. Throws FrameDamaged. */
export function unpackBlock(block: Buffer): Buffer {
  if (block.length < HEADER_BYTES || block.readUInt32LE(0) !== MAGIC) throw new FrameDamaged('the block is not one');
  const packed = block.subarray(HEADER_BYTES, HEADER_BYTES + block.readUInt32LE(8));
  if (crc32(packed) !== block.readUInt32LE(4)) throw new FrameDamaged('the checksum of the block does not match');
  return zstdDecompressSync(packed, { maxOutputLength: block.readUInt32LE(12) });
}
