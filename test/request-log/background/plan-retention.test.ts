import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRetention } from '../../../electron/request-log/background/plan-retention.ts';
import type { KeptPartition } from '../../../electron/request-log/background/plan-retention.ts';
import { DAY_MS } from '../log-fixtures.ts';

const GIB = 2 ** 30;
const NOW = Date.UTC(2026, 0, 31, 12);
const forever = { days: 36_000, bodies_days: 36_000, gib: 1_000 };

function partition(day: number, rowsBytes: number, ...files: number[]): KeptPartition {
  const bodyFiles = files.map((bytes, index) => ({ name: `${day}-${index}`, bytes }));
  return { day, bytes: rowsBytes + files.reduce((sum, bytes) => sum + bytes, 0), bodyFiles };
}

describe('retention', () => {
  it('removes nothing that may stay', () => {
    expect(planRetention([partition(20260101, GIB, GIB)], forever, NOW)).toEqual([]);
    expect(planRetention([], forever, NOW)).toEqual([]);
  });

  it('removes days whose last moment is too old, bodies earlier', () => {
    const kept = [partition(20260120, 5, 1), partition(20260128, 5, 2, 3), partition(20260131, 5, 4)];
    const removals = planRetention(kept, { days: 10, bodies_days: 2, gib: 1_000 }, NOW);
    expect(removals).toEqual([
      { what: 'partition', day: 20260120, bytes: 6, why: 'days' },
      { what: 'bodies', day: 20260128, name: '20260128-0', bytes: 2, why: 'bodies_days' },
      { what: 'bodies', day: 20260128, name: '20260128-1', bytes: 3, why: 'bodies_days' },
    ]);
  });

  it('under the cap on size gives up the oldest bodies, then their rows, and never the newest rows', () => {
    const kept = [partition(20260130, GIB, GIB, GIB), partition(20260131, GIB, GIB, GIB)];
    const removed = (gib: number) =>
      planRetention(kept, { ...forever, gib }, NOW).map((removal) => ('name' in removal ? removal.name : removal.day));
    expect(removed(6)).toEqual([]);
    expect(removed(5.5)).toEqual(['20260130-0']);
    expect(removed(4)).toEqual(['20260130-0', '20260130-1']);
    expect(removed(3)).toEqual(['20260130-0', '20260130-1', 20260130]);
    expect(removed(0.5)).toEqual(['20260130-0', '20260130-1', 20260130, '20260131-0', '20260131-1']);
  });

  it('keeps the newest day however old it is', () => {
    expect(planRetention([partition(20200101, 5)], { days: 1, bodies_days: 1, gib: 1 }, NOW)).toEqual([]);
  });

  it('holds the cap, and removes no file more than it needs', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(sizes, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 40 }), (days, gib) => {
        const kept = days.map((files, index) => partition(20260101 + index, GIB, ...files.map((size) => size * GIB)));
        const total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
        const removals = planRetention(kept, { ...forever, gib }, NOW);
        const left = total - removals.reduce((sum, { bytes }) => sum + bytes, 0);
        expect(left <= gib * GIB || left === GIB).toBe(true);
        const last = removals.at(-1);
        if (last !== undefined) expect(left + last.bytes).toBeGreaterThan(gib * GIB);
      }),
    );
  });

  it('counts age from the end of the day', () => {
    const kept = [partition(20260129, 5), partition(20260131, 5)];
    const endOfDay = Date.UTC(2026, 0, 30);
    expect(planRetention(kept, { ...forever, days: 1 }, endOfDay + DAY_MS - 1)).toEqual([]);
    expect(planRetention(kept, { ...forever, days: 1 }, endOfDay + DAY_MS)).toHaveLength(1);
  });
});
