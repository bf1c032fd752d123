import { describe, expect, it } from 'vitest';
import { PART_CHARACTERS, countParts, partOf } from '../../../../renderer/pages/requests/text-parts.ts';

describe('partOf', () => {
  it('cuts a text into parts that give it again, and no character in two', () => {
    const text = `${'a'.repeat(PART_CHARACTERS - 1)}😀${'b'.repeat(PART_CHARACTERS)}`;
    expect(countParts(text)).toBe(3);
    const parts = [0, 1, 2].map((part) => partOf(text, part));
    expect(parts.join('')).toBe(text);
    expect(parts[0]?.endsWith('😀')).toBe(true);
  });

  it('leaves a short text whole', () => {
    expect(countParts('')).toBe(1);
    expect(partOf('short', 0)).toBe('short');
  });
});
