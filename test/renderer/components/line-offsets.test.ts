import { describe, expect, it } from 'vitest';
import { lineHolding, lineOffsets } from '../../../renderer/components/line-offsets.ts';

describe('lineOffsets', () => {
  it('counts bytes, not characters', () => {
    expect(lineOffsets('äé\nb\n', 100)).toEqual([100, 105]);
  });

  it('counts a last line that has no end yet', () => {
    expect(lineOffsets('a\nb', 0)).toEqual([0, 2]);
  });

  it('is empty for empty text', () => {
    expect(lineOffsets('', 7)).toEqual([]);
  });
});

describe('lineHolding', () => {
  it('finds the line that a byte lies in', () => {
    const offsets = [100, 105, 120];
    expect([100, 104, 105, 119, 500].map((offset) => lineHolding(offsets, offset))).toEqual([0, 0, 1, 1, 2]);
  });

  it('says when the byte lies before what is known', () => {
    expect(lineHolding([100], 99)).toBe(-1);
    expect(lineHolding([], 0)).toBe(-1);
  });
});
