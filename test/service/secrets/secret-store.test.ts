import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { SecretStore } from '../../../electron/service/secrets/secret-store.ts';
import { secretReferences } from '../../../electron/service/secrets/secret-references.ts';
import { UpstreamKeys } from '../../../electron/service/secrets/upstream-keys.ts';
import { parseSite } from '../../../electron/service/site/parse-site.ts';
import { makeTempDir } from '../../fixtures/temp-dir.ts';
import { testCatalogues } from '../fake-catalogues.ts';

it('keeps values in a file for its owner alone and lists names only', () => {
  const file = path.join(makeTempDir(), 'secrets.json');
  const store = new SecretStore(file);
  store.set('hub', 'hf_value', 5);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(new SecretStore(file).value('hub')).toBe('hf_value');
  expect(store.list()).toEqual([{ name: 'hub', setAtMs: 5 }]);
  expect(store.remove('hub')).toBe(true);
  expect(store.remove('hub')).toBe(false);
  expect(readFileSync(file, 'utf8')).not.toContain('hf_value');
});

it('refuses a damaged file rather than overwriting it, and quotes nothing of it', () => {
  const file = path.join(makeTempDir(), 'secrets.json');
  writeFileSync(file, '{"hub": "hf_val');
  expect(() => new SecretStore(file)).toThrow(/damaged/);
  expect(() => new SecretStore(file)).not.toThrow(/hf_val/);
});

it('knows where a site refers to secrets', () => {
  const parsed = parseSite(
    'version: 1\nsite: { name: L }\nservers:\n- {name: a, engine: simulated, serves: [m], env: {X: plain, T: {secret: hub}}}\n',
    testCatalogues,
  );
  expect(secretReferences(parsed.ok ? parsed.site : null)).toEqual([{ secret: 'hub', path: 'servers[0].env.T' }]);
});

it('makes a key per server once', () => {
  const file = path.join(makeTempDir(), 'upstream-keys.json');
  const keys = new UpstreamKeys(file);
  const key = keys.for('a');
  expect(key).toHaveLength(43);
  expect(keys.for('b')).not.toBe(key);
  expect(new UpstreamKeys(file).for('a')).toBe(key);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
