import { describe, expect, it } from 'vitest';
import { changeWords, compareTexts } from '../../../../renderer/pages/requests/compare-texts.ts';

describe('compareTexts', () => {
  it('marks on each side what the other does not have', () => {
    const { before, after } = compareTexts('The sky is blue.', 'The sky was very blue.');
    expect(before.map(({ text }) => text).join('')).toBe('The sky is blue.');
    expect(after.map(({ text }) => text).join('')).toBe('The sky was very blue.');
    expect(before.filter(({ differs }) => differs).map(({ text }) => text)).toEqual(['is']);
    expect(
      after
        .filter(({ differs }) => differs)
        .map(({ text }) => text.trim())
        .filter(Boolean)
        .join(' '),
    ).toBe('was very');
  });
});

describe('changeWords', () => {
  it('says by how much and in which direction', () => {
    expect(changeWords(10, 22, String)).toBe('+12');
    expect(changeWords(10, 7, String)).toBe('−3');
    expect(changeWords(10, 10, String)).toBe('the same');
    expect(changeWords(null, 10, String)).toBeNull();
  });
});
