import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode, isTokenId, specialTokens, vocabularySize } from '../../electron/simulator/tokenizer.ts';

const wellFormed = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 200 }).filter((text) => text.isWellFormed()),
  fc.lorem({ maxCount: 30 }),
  fc
    .array(fc.constantFrom(' ', '  ', 'HTTP', 'Http', 'a', '007', '12345', '\n', 'é', '<|end|>', '<|', '\u0000'), {
      maxLength: 40,
    })
    .map((parts) => parts.join('')),
);

describe('tokenizer', () => {
  it('gives every text back', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(decode(encode(text))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('gives ids of the vocabulary only', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        for (const id of encode(text)) expect(isTokenId(id)).toBe(true);
      }),
    );
  });

  it('tokenizes a text that was cut between tokens to the first of its tokens', () => {
    const asciiText = fc.oneof(fc.lorem({ maxCount: 20 }), fc.string({ unit: 'grapheme-ascii', maxLength: 80 }));
    fc.assert(
      fc.property(asciiText, fc.nat(), (text, cut) => {
        const ids = encode(text).slice(0, cut % (encode(text).length + 1));
        expect(encode(decode(ids) ?? '')).toEqual(ids);
      }),
    );
  });

  it('decodes every id below the size of the vocabulary except the reserved ones, and no other', () => {
    fc.assert(
      fc.property(fc.nat(vocabularySize - 1), (id) => {
        const isReserved = id >= specialTokens.length && id < 16;
        expect(isTokenId(id)).toBe(!isReserved);
      }),
    );
    for (const id of [-1, 0.5, vocabularySize, Number.NaN, '5']) expect(isTokenId(id)).toBe(false);
    expect(decode([vocabularySize])).toBeNull();
  });

  it('uses one id for a short word with its space', () => {
    expect(encode('The cat sat.')).toHaveLength(4);
  });
});
