import { describe, expect, it } from 'vitest';
import { fitColumns } from '../../../../renderer/pages/requests/fit-columns.ts';

const columns = [
  { id: 'state', width: 100, rank: 0 },
  { id: 'model', width: 100, rank: 2 },
  { id: 'route', width: 100, rank: 5 },
  { id: 'status', width: 50, rank: 1 },
];
const fit = (width: number) => fitColumns(columns, width).map(({ id }) => id);

describe('fitColumns', () => {
  it('drops the least important columns first and keeps the order of the rest', () => {
    expect(fit(350)).toEqual(['state', 'model', 'route', 'status']);
    expect(fit(349)).toEqual(['state', 'model', 'status']);
    expect(fit(160)).toEqual(['state', 'status']);
  });

  it('keeps columns that never leave, however narrow it is', () => {
    expect(fit(10)).toEqual(['state']);
  });
});
