import { describe, expect, it } from 'vitest';
import { packBlock, unpackBlock } from '../../electron/request-log/block.ts';
import { FrameDamaged, FrameWriter, readDetails, readFrame, sealFrame } from '../../electron/request-log/frame.ts';
import { bodies } from './log-fixtures.ts';

const binary = Buffer.from([0, 255, 254, 128, 10, 13]);

function frames(): Buffer {
  const writer = new FrameWriter(new ArrayBuffer(16));
  const first = writer.appendBodies(1, bodies({ requestBody: binary, promptText: 'größer 😀', chunkTimesMs: [1.5] }));
  const second = writer.appendBodies(2, bodies({ responseBody: Buffer.alloc(0), responseHeaders: { a: 'b' } }));
  const bytes = Buffer.from(writer.bytes());
  sealFrame(bytes.subarray(0, first));
  sealFrame(bytes.subarray(first, first + second));
  return bytes;
}

describe('frames', () => {
  it('give back what was put in, one behind the other', () => {
    const bytes = frames();
    const first = readFrame(bytes, 0);
    expect(first.rowNumber).toBe(1);
    expect(Buffer.from(first.requestBody ?? [])).toEqual(binary);
    expect(first.responseBody).toBeNull();
    expect(Buffer.from(first.promptText ?? []).toString()).toBe('größer 😀');
    expect(readDetails(first.details).chunkTimesMs).toEqual([1.5]);
    const second = readFrame(bytes, first.length);
    expect(second.rowNumber).toBe(2);
    expect(second.responseBody?.length).toBe(0);
    expect(readDetails(second.details).responseHeaders).toEqual({ a: 'b' });
  });

  it('notice every changed byte and every cut', () => {
    const whole = frames();
    const length = readFrame(whole, 0).length;
    for (let at = 0; at < length; at += 1) {
      const changed = Buffer.from(whole);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => readFrame(changed, 0), `byte ${at}`).toThrow(FrameDamaged);
      expect(() => readFrame(whole.subarray(0, at), 0), `cut at ${at}`).toThrow(FrameDamaged);
    }
  });

  it('come out of a compressed block unchanged, and a damaged block is noticed', async () => {
    const bytes = frames();
    const block = await packBlock(bytes);
    expect(unpackBlock(block)).toEqual(bytes);
    block.writeUInt8(block.readUInt8(20) ^ 1, 20);
    expect(() => unpackBlock(block)).toThrow(FrameDamaged);
  });
});
