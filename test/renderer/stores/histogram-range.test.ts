import { describe, expect, it } from 'vitest';
import {
  assumedRangeWords,
  brushedRange,
  highestBucket,
  histogramRange,
  localTimeText,
} from '../../../renderer/stores/histogram-range.ts';

const DAY_MS = 86_400_000;

describe('histogramRange', () => {
  it('follows the filter, else shows the last day', () => {
    expect(histogramRange({}, 10 * DAY_MS)).toEqual({ sinceMs: 9 * DAY_MS, untilMs: 10 * DAY_MS });
    expect(histogramRange({ sinceMs: 5, untilMs: 50 }, 100)).toEqual({ sinceMs: 5, untilMs: 50 });
    expect(histogramRange({ untilMs: 2 * DAY_MS }, 10 * DAY_MS).sinceMs).toBe(DAY_MS);
    expect(histogramRange({ sinceMs: 90, untilMs: 50 }, 100)).toEqual({ sinceMs: 49, untilMs: 50 });
  });
});

describe('assumedRangeWords', () => {
  it('says which day is shown when the filter has no beginning', () => {
    expect(assumedRangeWords({ since: '', until: '' })).toBe('last 24 hours');
    expect(assumedRangeWords({ since: '', until: '2026-11-24T15:00' })).toContain('the 24 hours before the end');
    expect(assumedRangeWords({ since: '7d', until: '' })).toBe('');
  });
});

describe('brushedRange', () => {
  const range = { sinceMs: 0, untilMs: 100_000 };

  it('takes both directions and stays inside', () => {
    expect(brushedRange(range, 0.75, 0.25)).toEqual({ sinceMs: 25_000, untilMs: 75_000 });
    expect(brushedRange(range, 0.5, 3)).toEqual({ sinceMs: 50_000, untilMs: 100_000 });
  });

  it('takes a click for no range', () => {
    expect(brushedRange(range, 0.5, 0.501)).toBeNull();
  });
});

describe('localTimeText', () => {
  it('is read as the same moment', () => {
    const timeMs = Date.parse('2026-11-24T15:04:05Z');
    expect(Date.parse(localTimeText(timeMs))).toBe(timeMs);
  });
});

describe('highestBucket', () => {
  it('adds the states of a bucket', () => {
    const counts = { ok: [1, 4], running: [0, 0], error: [9, 0], rejected: [0, 3], cancelled: [0, 0] };
    expect(highestBucket({ sinceMs: 0, untilMs: 2, bucketMs: 1, counts })).toBe(10);
    const none = { ok: [0], running: [0], error: [0], rejected: [0], cancelled: [0] };
    expect(highestBucket({ sinceMs: 0, untilMs: 2, bucketMs: 1, counts: none })).toBe(1);
  });
});
