import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finish, GenerationLimits } from '../../electron/simulator/generation.ts';
import { createFixedSource, createGeneration, createTextSource } from '../../electron/simulator/generation.ts';
import { createRandom } from '../../electron/simulator/seeded-random.ts';
import { encode } from '../../electron/simulator/tokenizer.ts';

const noLimits: GenerationLimits = {
  maxTokens: 10_000,
  minTokens: 0,
  ignoreEos: false,
  stop: [],
  stopTokenIds: [],
  includeStopText: false,
};

function runToEnd(
  source: ReturnType<typeof createFixedSource>,
  limits: Partial<GenerationLimits>,
): { texts: string[]; text: string; tokens: number; finish: Finish } {
  const generation = createGeneration(source, { ...noLimits, ...limits });
  const texts: string[] = [];
  for (;;) {
    const { text, finish } = generation.step();
    texts.push(text);
    if (finish !== null) return { texts, text: texts.join(''), tokens: texts.length, finish };
  }
}

describe('generation', () => {
  it('ends by itself after 40 to 160 tokens', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      for (const style of ['prose', 'code'] as const) {
        const { tokens, finish } = runToEnd(createTextSource(createRandom(seed), style, 40 + seed), {});
        expect(finish).toEqual({ reason: 'stop', stopReason: null });
        expect(tokens).toBeGreaterThanOrEqual(40);
        expect(tokens).toBeLessThan(160);
      }
    }
  });

  it('counts exactly the tokens of the text it shows', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom('prose' as const, 'code' as const),
        (seed, maxTokens, style) => {
          const { text, tokens } = runToEnd(createTextSource(createRandom(seed), style, 50), {
            maxTokens,
            ignoreEos: true,
          });
          expect(tokens).toBe(maxTokens);
          expect(encode(text)).toHaveLength(tokens);
        },
      ),
    );
  });

  it('gives the same text for the same seed and another for another', () => {
    const write = (seed: number): string => runToEnd(createTextSource(createRandom(seed), 'prose', 50), {}).text;
    expect(write(1)).toBe(write(1));
    expect(write(1)).not.toBe(write(2));
  });

  it('cuts before the first stop string and never shows a part of it', () => {
    const source = (): ReturnType<typeof createFixedSource> => createFixedSource('one two three four five');
    const { text, texts, finish } = runToEnd(source(), { stop: ['five', 'two three'] });
    expect(text).toBe('one ');
    expect(finish).toEqual({ reason: 'stop', stopReason: 'two three' });
    expect(texts.join('|')).not.toContain('two');
    expect(runToEnd(source(), { stop: ['two three'], includeStopText: true }).text).toBe('one two three');
  });

  it('finds stop strings wherever they are cut into tokens', () => {
    const whole = 'The quiet server reads the report slowly. Observation: the plan.';
    fc.assert(
      fc.property(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        (start, length, includeStopText) => {
          const stop = whole.slice(start, start + length);
          const { text, finish } = runToEnd(createFixedSource(whole), { stop: [stop], includeStopText });
          expect(finish).toEqual({ reason: 'stop', stopReason: stop });
          expect(text).toBe(whole.slice(0, whole.indexOf(stop)) + (includeStopText ? stop : ''));
        },
      ),
    );
  });

  it('ends with its length at max_tokens and shows what was held back', () => {
    const { text, tokens, finish } = runToEnd(createFixedSource('one two three four five'), {
      maxTokens: 2,
      stop: ['never seen'],
    });
    expect({ text, tokens, finish }).toEqual({
      text: 'one two',
      tokens: 2,
      finish: { reason: 'length', stopReason: null },
    });
  });

  it('does not stop before min_tokens', () => {
    const { tokens, finish } = runToEnd(createFixedSource('a b c d e f'), {
      minTokens: 4,
      stop: ['b'],
      stopTokenIds: encode(' d'),
    });
    expect({ tokens, finish }).toEqual({ tokens: 4, finish: { reason: 'stop', stopReason: encode(' d')[0] } });
  });

  it('goes on past the natural end when told to ignore it', () => {
    const { tokens, finish } = runToEnd(createFixedSource('a b'), { ignoreEos: true, maxTokens: 9 });
    expect({ tokens, finish }).toEqual({ tokens: 9, finish: { reason: 'length', stopReason: null } });
  });
});
