import { describe, expect, it } from 'vitest';
import { MOST_VIEWS, readViews, removeView, saveView } from '../../../renderer/stores/saved-views.ts';

describe('saved views', () => {
  it('are sorted by name, one for each name', () => {
    const views = saveView(saveView(saveView([], { name: 'b', search: '1' }), { name: 'a', search: '2' }), {
      name: ' b ',
      search: '3',
    });
    expect(views).toEqual([
      { name: 'a', search: '2' },
      { name: 'b', search: '3' },
    ]);
    expect(removeView(views, 'a')).toEqual([{ name: 'b', search: '3' }]);
  });

  it('need a name and are bounded', () => {
    expect(saveView([], { name: '  ', search: '' })).toEqual([]);
    const full = Array.from({ length: MOST_VIEWS }, (_, index) => ({ name: `v${index}`, search: '' }));
    expect(saveView(full, { name: 'one more', search: '' })).toBe(full);
  });

  it('are read as far as they are views', () => {
    expect(readViews([{ name: 'a', search: 'x' }, null, { name: 1 }])).toEqual([{ name: 'a', search: 'x' }]);
    expect(readViews('x')).toEqual([]);
  });
});
