import { describe, expect, it } from 'vitest';
import { chunkDensity } from '../../../../renderer/pages/requests/chunk-density.ts';

describe('chunkDensity', () => {
  it('counts the pieces of each span, the ends included', () => {
    expect(chunkDensity([0, 1, 9, 10, 19, 20], 0, 20, 2)).toEqual([3, 3]);
  });

  it('loses none that lies outside, and needs no length', () => {
    expect(chunkDensity([-5, 40], 0, 20, 4)).toEqual([1, 0, 0, 1]);
    expect(chunkDensity([7, 7], 7, 7, 3)).toEqual([2, 0, 0]);
  });
});
