import { describe, expect, it } from 'vitest';
import { formatAgo, formatDuration } from '../../../renderer/components/format-duration.ts';

describe('formatDuration', () => {
  it.each([
    [null, '–'],
    [0.42, '0.4 ms'],
    [812.4, '812 ms'],
    [3210, '3.2 s'],
    [59_970, '1 min 00 s'],
    [245_000, '4 min 05 s'],
    [7_800_000, '2 h 10 min'],
    [273_600_000, '3 d 4 h'],
  ])('writes %s as %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });
});

describe('formatAgo', () => {
  it.each([
    [500, 'just now'],
    [42_000, '42 s ago'],
    [300_000, '5 min ago'],
    [10_800_000, '3 h ago'],
    [-5000, 'in 5 s'],
  ])('writes a distance of %i ms as %s', (deltaMs, text) => {
    expect(formatAgo(1_000_000_000 - deltaMs, 1_000_000_000)).toBe(text);
  });
});
