import { describe, expect, it } from 'vitest';
import { tokensPerSecond } from '../../../../renderer/pages/playground/measure-turn.ts';

describe('tokensPerSecond', () => {
  it('counts the tokens after the first one', () => {
    expect(tokensPerSecond(101, 500, 2500)).toBe(50);
  });

  it('is not known without a count, a first token or any time in between', () => {
    expect([tokensPerSecond(null, 1, 2), tokensPerSecond(1, 1, 2), tokensPerSecond(5, null, 2)]).toEqual([
      null,
      null,
      null,
    ]);
    expect(tokensPerSecond(5, 20, 20)).toBeNull();
  });
});
