import { describe, expect, it } from 'vitest';
import type { RequestSummary } from '../../../electron/contract/request-row.ts';
import {
  appendOlder,
  countWords,
  mergeNewest,
  newestLimit,
  renewRows,
  runningStretch,
  stepFrom,
} from '../../../renderer/stores/request-list.ts';
import { fakeRequest, summaryOf } from '../../fakes/fake-site.ts';

const row = (id: number, more: Partial<RequestSummary> = {}) => ({ ...summaryOf(fakeRequest(id)), ...more });
const rows = (...ids: readonly number[]) => ids.map((id) => row(id));
const ids = (list: { readonly rows: readonly RequestSummary[] }) => list.rows.map(({ id }) => id);

describe('appendOlder', () => {
  it('adds older rows once', () => {
    const list = appendOlder({ rows: rows(9, 8), more: true }, { rows: rows(8, 7, 6), more: false });
    expect(ids(list)).toEqual([9, 8, 7, 6]);
    expect(list.more).toBe(false);
  });
});

describe('mergeNewest', () => {
  it('puts new rows on top and keeps older ones', () => {
    const list = mergeNewest({ rows: rows(5, 4, 3, 2), more: true }, { rows: rows(7, 6, 5, 4), more: true });
    expect(ids(list)).toEqual([7, 6, 5, 4, 3, 2]);
    expect(list.more).toBe(true);
  });

  it('drops rows inside the range of the page that match no more', () => {
    expect(ids(mergeNewest({ rows: rows(5, 4, 3, 2), more: false }, { rows: rows(6, 4, 3), more: true }))).toEqual([
      6, 4, 3, 2,
    ]);
    expect(ids(mergeNewest({ rows: rows(5, 4), more: false }, { rows: rows(5), more: false }))).toEqual([5]);
  });

  it('starts over when the page does not reach down to what was there', () => {
    const list = mergeNewest({ rows: rows(5, 4), more: false }, { rows: rows(90, 89, 88), more: true });
    expect(ids(list)).toEqual([90, 89, 88]);
    expect(list.more).toBe(true);
  });

  it('begins with an empty list', () => {
    expect(ids(mergeNewest({ rows: [], more: false }, { rows: rows(1), more: false }))).toEqual([1]);
  });
});

describe('renewRows', () => {
  it('changes rows in their place and adds none', () => {
    const list = renewRows({ rows: rows(3, 2), more: true }, [row(4), row(2, { state: 'error' })]);
    expect(list.rows.map(({ id, state }) => [id, state])).toEqual([
      [3, 'ok'],
      [2, 'error'],
    ]);
  });
});

describe('what to read again', () => {
  const list = {
    rows: [row(9), row(8, { state: 'running' }), row(7), row(6, { state: 'running' }), row(5)],
    more: true,
  };

  it('reaches down to the last row that is running', () => {
    expect(newestLimit(list, 2)).toBe(6);
    expect(newestLimit({ rows: rows(3, 2), more: false }, 50)).toBe(50);
  });

  it('is the stretch from the first to the last row that is running', () => {
    expect(runningStretch(list)).toEqual({ beforeId: 9, limit: 3 });
    expect(runningStretch({ rows: rows(3, 2), more: false })).toBeNull();
  });
});

describe('countWords', () => {
  it('claims no total while more match', () => {
    expect(countWords({ rows: rows(3, 2), more: true })).toBe('2 shown, more match');
    expect(countWords({ rows: rows(3, 2), more: false })).toBe('2 requests match');
    expect(countWords({ rows: rows(3), more: false })).toBe('1 request matches');
  });
});

describe('stepFrom', () => {
  it('moves inside the list, and enters it from the end one moves away from', () => {
    const list = { rows: rows(3, 2, 1), more: false };
    expect([stepFrom(list, 3, 1), stepFrom(list, 3, -1), stepFrom(list, 1, 1)]).toEqual([2, 3, 1]);
    expect([stepFrom(list, null, 1), stepFrom(list, null, -1)]).toEqual([3, 1]);
    expect(stepFrom({ rows: [], more: false }, null, 1)).toBeNull();
  });
});
