import { describe, expect, it } from 'vitest';
import { markMatches, searchPattern } from '../../../../renderer/pages/requests/search-marks.ts';

const found = (search: string, text: string) =>
  markMatches(text, searchPattern(search)).flatMap((piece) => (piece.found ? [piece.text] : []));

describe('markMatches', () => {
  it('marks whole words whatever their case', () => {
    expect(found('sky', 'The Sky is no skyline.')).toEqual(['Sky']);
  });

  it('marks phrases across punctuation, and beginnings', () => {
    expect(found('"is blue" scatt*', 'It is  blue: light scatters.')).toEqual(['is  blue', 'scatters']);
  });

  it('looks for no operators and for nothing that was excluded', () => {
    expect(found('sky OR NOT red', 'red OR sky')).toEqual(['sky']);
    expect(searchPattern('NOT red')).toBeNull();
    expect(searchPattern('  ')).toBeNull();
  });

  it('gives the text again when put together', () => {
    const text = 'aé blue, Blue; ünblue';
    const pieces = markMatches(text, searchPattern('blue'));
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
    expect(pieces.filter((piece) => piece.found)).toHaveLength(2);
  });
});
