import { describe, expect, it } from 'vitest';
import { allotId } from '../../electron/request-log/id-allotter.ts';
import type { LastAllotted } from '../../electron/request-log/id-allotter.ts';
import { dayOfFolder, dayOfRow, numberOfRow } from '../../electron/request-log/row-id.ts';
import { DAY_MS, NOON } from './log-fixtures.ts';

function allotAll(start: LastAllotted, times: readonly number[]): readonly number[] {
  let last = start;
  return times.map((timeMs) => {
    const allotted = allotId(last, timeMs);
    last = allotted.last;
    return allotted.id;
  });
}

describe('row ids', () => {
  it('are dense inside a day and begin at 1 on the next', () => {
    const ids = allotAll({ day: 20260115, number: 0 }, [NOON, NOON, NOON + DAY_MS, NOON + DAY_MS]);
    expect(ids).toEqual([2026011500000001, 2026011500000002, 2026011600000001, 2026011600000002]);
  });

  it('go on in the newest day while the clock stands before it', () => {
    const ids = allotAll({ day: 20260116, number: 5 }, [NOON, NOON + DAY_MS, NOON, NOON + 2 * DAY_MS]);
    expect(ids).toEqual([2026011600000006, 2026011600000007, 2026011600000008, 2026011700000001]);
  });

  it('go on in the next day when a day is full', () => {
    expect(allotAll({ day: 20260131, number: 99_999_998 }, [Date.UTC(2026, 0, 31), Date.UTC(2026, 0, 31)])).toEqual([
      2026013199999999, 2026020100000001,
    ]);
  });

  it('name their partition and number', () => {
    expect(dayOfRow(2026013100000042)).toBe(20260131);
    expect(numberOfRow(2026013100000042)).toBe(42);
  });

  it('belong to folders named after real days only', () => {
    expect(dayOfFolder('20260228')).toBe(20260228);
    for (const name of ['20260230', '20260228.damaged-20260301T1200', '.removing-20260228', 'x', '2026022']) {
      expect(dayOfFolder(name)).toBeNull();
    }
  });
});
