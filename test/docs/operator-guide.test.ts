import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../electron/contract/outpost-error.ts';

const guide = readFileSync(path.resolve(import.meta.dirname, '../../docs/operator-guide.md'), 'utf8');
const rows = Array.from(guide.matchAll(/^\| `([A-Z_]+)`\s+\|(.*)\|$/gm), ([, code = '', rest = '']) => ({
  code,
  cells: rest.split('|').map((cell) => cell.trim()),
}));

describe('the operator guide', () => {
  it('says of every error code what it means and what to do, once', () => {
    expect(rows.map(({ code }) => code).sort()).toEqual(Object.keys(errorCodes).sort());
    for (const { code, cells } of rows)
      expect(
        cells.every((cell) => cell !== ''),
        code,
      ).toBe(true);
  });

  it('gives the HTTP status that the gateway answers with', () => {
    const withStatus = rows.filter(({ cells }) => /^\d{3}$/.test(cells[0] ?? ''));
    expect(withStatus.length).toBeGreaterThan(10);
    for (const { code, cells } of withStatus) {
      expect(Number(cells[0]), code).toBe(errorCodes[code as keyof typeof errorCodes]);
    }
  });
});
