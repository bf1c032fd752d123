import { describe, expect, it } from 'vitest';
import {
  moveColumn,
  readColumnChoice,
  reconcileColumns,
  toggleColumn,
} from '../../../renderer/stores/column-choice.ts';

const defaults = { order: ['a', 'b', 'c', 'd'], hidden: ['d'] };

describe('columns', () => {
  it('keep a choice over a change of the columns that exist', () => {
    expect(reconcileColumns({ order: ['c', 'gone', 'a', 'c'], hidden: ['a', 'gone'] }, defaults)).toEqual({
      order: ['c', 'a', 'b', 'd'],
      hidden: ['a', 'd'],
    });
    expect(reconcileColumns(null, defaults)).toBe(defaults);
  });

  it('are never all hidden', () => {
    expect(toggleColumn({ order: ['a', 'b'], hidden: ['b'] }, 'a').hidden).toEqual(['b']);
    expect(reconcileColumns({ order: ['a', 'b', 'c', 'd'], hidden: ['a', 'b', 'c', 'd'] }, defaults)).toBe(defaults);
  });

  it('move by a place and stay inside', () => {
    expect(moveColumn(defaults, 'c', -1).order).toEqual(['a', 'c', 'b', 'd']);
    expect(moveColumn(defaults, 'a', -1)).toBe(defaults);
    expect(moveColumn(defaults, 'a', 99).order).toEqual(['b', 'c', 'd', 'a']);
  });

  it('are read only when they were written by this page', () => {
    expect(readColumnChoice({ order: ['a'], hidden: [] })).toEqual({ order: ['a'], hidden: [] });
    expect(readColumnChoice({ order: [1], hidden: [] })).toBeNull();
    expect(readColumnChoice('a')).toBeNull();
  });
});
