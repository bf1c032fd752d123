import { describe, expect, it } from 'vitest';
import { splitTiming, summarizeGaps } from '../../../../renderer/pages/requests/split-timing.ts';

const split = (queue: number | null, ttft: number | null, duration: number | null) =>
  splitTiming({ queue_ms: queue, ttft_ms: ttft, duration_ms: duration }).map(({ name, ms }) => [name, ms]);

describe('splitTiming', () => {
  it('adds up to the duration', () => {
    expect(split(20, 100, 500)).toEqual([
      ['queue', 20],
      ['first', 80],
      ['rest', 400],
    ]);
  });

  it('shows only what is known', () => {
    expect(split(null, null, 5)).toEqual([['rest', 5]]);
    expect(split(0.3, null, 5)[0]).toEqual(['queue', 0.3]);
    expect(split(1, 2, null)).toEqual([]);
  });

  it('has no negative part when the clocks disagree', () => {
    expect(split(60, 50, 55)).toEqual([
      ['queue', 55],
      ['first', 0],
      ['rest', 0],
    ]);
  });
});

describe('summarizeGaps', () => {
  it('measures between pieces', () => {
    expect(summarizeGaps([10, 20, 30, 130])).toEqual({ medianMs: 10, longestMs: 100 });
    expect(summarizeGaps([10])).toEqual({ medianMs: null, longestMs: null });
  });
});
