import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { allowedKeys, siteSchemaText } from '../../../electron/service/site/site-json-schema.ts';

it('resources/site.schema.json is current (else run scripts/generate-schema.mjs)', () => {
  const file = path.resolve(import.meta.dirname, '../../../resources/site.schema.json');
  expect(readFileSync(file, 'utf8')).toBe(siteSchemaText());
});

it('knows the keys that are allowed at a path', () => {
  expect(allowedKeys(['gateway', 'log', 'retain'])).toEqual(['days', 'gib', 'bodies_days']);
  expect(allowedKeys(['servers', 3])).toContain('weights');
  expect(allowedKeys(['features', 'duo_chat'])).toEqual(['model']);
});
