import { describe, expect, it } from 'vitest';
import {
  CHILDREN_SHOWN,
  findInJson,
  firstFolding,
  jsonRows,
  revealPath,
  toggleRow,
  valueAt,
} from '../../../../renderer/pages/requests/json-rows.ts';

const body = { model: 'demo', messages: [{ role: 'user', content: 'Why?' }], 'a/b': { '~': 1 }, none: null, empty: [] };

describe('jsonRows', () => {
  it('lays a small value out whole, with places and previews', () => {
    const rows = jsonRows(body, firstFolding(body));
    expect(rows.map(({ path, preview }) => [path, preview])).toEqual([
      ['', '{ 5 }'],
      ['/model', '"demo"'],
      ['/messages', '[ 1 ]'],
      ['/messages/0', '{ 2 }'],
      ['/messages/0/role', '"user"'],
      ['/messages/0/content', '"Why?"'],
      ['/a~1b', '{ 1 }'],
      ['/a~1b/~0', '1'],
      ['/none', 'null'],
      ['/empty', '[]'],
    ]);
    expect(rows[2]).toMatchObject({ depth: 1, position: 2, siblings: 5, open: true });
    expect(rows[9]).toMatchObject({ open: null });
  });

  it('folds, and shows the children of a large node in steps', () => {
    const large = { list: Array.from({ length: 5000 }, (_, index) => index) };
    let folding = firstFolding(large);
    expect(jsonRows(large, folding)).toHaveLength(2);
    const list = jsonRows(large, folding)[1];
    if (!list) throw new Error('The list has a line.');
    folding = toggleRow(folding, list);
    const rows = jsonRows(large, folding);
    expect(rows).toHaveLength(2 + CHILDREN_SHOWN + 1);
    expect(rows.at(-1)).toMatchObject({ kind: 'more', preview: '4,800 more' });
    const more = rows.at(-1);
    if (!more) throw new Error('There are more.');
    expect(jsonRows(large, toggleRow(folding, more)).length).toBeGreaterThan(1000);
    expect(jsonRows(large, toggleRow(folding, { ...list, open: true }))).toHaveLength(2);
  });
});

describe('findInJson', () => {
  it('finds names and values, whatever their case, and no indexes', () => {
    expect(findInJson(body, 'WHY', 10)).toEqual(['/messages/0/content']);
    expect(findInJson(body, 'role', 10)).toEqual(['/messages/0/role']);
    expect(findInJson([5, 'x'], '0', 10)).toEqual([]);
    expect(findInJson(['a', 'a', 'a'], 'a', 2)).toEqual(['/0', '/1']);
    expect(findInJson(body, '', 10)).toEqual([]);
  });

  it('leads to a line that was folded away', () => {
    const deep = { list: Array.from({ length: 900 }, (_, index) => ({ n: `item ${index}` })) };
    const [path] = findInJson(deep, 'item 850', 1);
    expect(path).toBe('/list/850/n');
    const rows = jsonRows(deep, revealPath(deep, firstFolding(deep), path ?? ''));
    expect(rows.some((row) => row.path === path)).toBe(true);
    expect(valueAt(deep, path ?? '')).toBe('item 850');
    expect(valueAt(body, '/a~1b/~0')).toBe(1);
    expect(valueAt(body, '/no/such')).toBeUndefined();
  });
});
