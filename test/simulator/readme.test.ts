import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { flags } from '../../electron/simulator/flag-table.ts';

it('documents every flag with its default and meaning, and no other', () => {
  const readme = readFileSync(path.resolve(import.meta.dirname, '../../electron/simulator/README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| `--([a-z0-9-]+)[^`]*`\s*\|(.*)\|(.*)\|$/gm)].map(
    ([, name, fallback, help]) => ({
      name,
      fallback: fallback?.trim(),
      help: help?.trim(),
    }),
  );
  expect(rows).toEqual(flags.map(({ name, fallback, help }) => ({ name, fallback, help })));
});
