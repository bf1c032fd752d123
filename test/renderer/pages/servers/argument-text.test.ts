import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatArgument, parseArgument } from '../../../../renderer/pages/servers/argument-text.ts';

describe('arguments as text', () => {
  it.each([
    ['32768', 32_768],
    ['0.9', 0.9],
    ['true', true],
    ['false', false],
    ['auto', 'auto'],
    ['007', '007'],
    ['1e9', '1e9'],
    ['"8"', '8'],
    ['[1, 2]', [1, 2]],
    ['{"temperature": 0.2}', { temperature: 0.2 }],
    ['[not json', '[not json'],
  ])('reads %s', (text, value) => {
    expect(parseArgument(text)).toEqual(value);
  });

  it('gives back every value that it has written', () => {
    const value = fc.oneof(
      fc.boolean(),
      fc.integer(),
      fc.string().map((text) => text.trim()),
      fc.array(fc.oneof(fc.string(), fc.integer())),
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
        fc.integer(),
      ),
    );
    fc.assert(
      fc.property(value, (given) => {
        expect(parseArgument(formatArgument(given))).toEqual(given);
      }),
    );
  });
});
