import { describe, expect, it } from 'vitest';
import { findRun } from '../../../renderer/stores/find-run.ts';
import { relatedRows } from '../../../renderer/stores/related-rows.ts';
import { fakeRequest } from '../../fakes/fake-site.ts';

describe('relatedRows', () => {
  const row = fakeRequest(50);

  it('finds the nearest row of the same client and model on both sides', () => {
    const around = [
      fakeRequest(40),
      fakeRequest(48),
      fakeRequest(49, { client_address: '10.0.0.2' }),
      fakeRequest(51, { model: 'demo-code' }),
      fakeRequest(60),
      fakeRequest(52),
      row,
    ];
    expect(relatedRows(row, around)).toMatchObject({ previous: { id: 48 }, next: { id: 52 }, sameId: [] });
  });

  it('finds those that were sent again under the same id, each once', () => {
    const again = fakeRequest(53, { request_id: row.request_id, model: 'demo-code' });
    expect(relatedRows(row, [again, again]).sameId.map(({ id }) => id)).toEqual([53]);
  });
});

describe('findRun', () => {
  const runs = [
    { number: 2, spawnedAtMs: 500, endedAtMs: null },
    { number: 1, spawnedAtMs: 100, endedAtMs: 400 },
  ];

  it('finds the run that was alive at a moment', () => {
    expect(findRun(runs, 250)).toBe(1);
    expect(findRun(runs, 9000)).toBe(2);
    expect(findRun(runs, 450)).toBeNull();
  });
});
