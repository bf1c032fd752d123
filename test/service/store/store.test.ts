import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { unrestrictedKey } from '../../../electron/contract/key-rules.ts';
import { createTables } from '../../../electron/service/store/migrations/0001-create-tables.ts';
import { openDatabase } from '../../../electron/service/store/open-database.ts';
import { schemaVersion } from '../../../electron/service/store/migrate.ts';
import { Store } from '../../../electron/service/store/store.ts';
import { makeTempDir } from '../../fixtures/temp-dir.ts';

function openStore(file: string, keptEvents?: number) {
  const opened = openDatabase(file, Date.UTC(2026, 0, 2));
  if (!opened.ok) throw new Error(opened.error.message);
  const store = new Store(opened.value.database, keptEvents);
  onTestFinished(() => store.close());
  return { store, setAside: opened.value.setAside };
}

it('keeps only the newest events', () => {
  const { store } = openStore(path.join(makeTempDir(), 'outpost.db'), 100);
  for (let count = 1; count <= 105; count++) {
    store.addEvent({ timeMs: count, level: 'info', process: null, text: `event ${count}` });
  }
  const events = store.events(20_000);
  expect(events).toHaveLength(100);
  expect(events[0]?.text).toBe('event 105');
  expect(events.at(-1)?.text).toBe('event 6');
});

it('never gives a key name twice, not even after it was revoked', () => {
  const { store } = openStore(path.join(makeTempDir(), 'outpost.db'));
  const key = { name: 'ci', sha256: 'a'.repeat(64), createdAtMs: 1 };
  expect(store.addKey(key)).toBe(true);
  expect(store.revokeKey('ci', 2)).toBe(true);
  expect(store.revokeKey('ci', 3)).toBe(false);
  expect(store.addKey({ ...key, sha256: 'b'.repeat(64) })).toBe(false);
  expect(store.keys()).toEqual([{ ...key, revokedAtMs: 2, rules: unrestrictedKey }]);
});

it('keeps what a key may do', () => {
  const { store } = openStore(path.join(makeTempDir(), 'outpost.db'));
  const limits = { requestsPerMinute: 1, tokensPerMinute: 2, concurrency: 3, tokensPerDay: 4 };
  const rules = { models: ['org/a', 'b'], features: ['duo_chat'], routes: ['chat'], expiresAtMs: 5, limits };
  store.addKey({ name: 'ci', sha256: 'a'.repeat(64), createdAtMs: 1, rules });
  expect(store.keys()[0]?.rules).toEqual(rules);
});

it('takes keys over from the schema without rules, and lets them do everything', () => {
  const file = path.join(makeTempDir(), 'outpost.db');
  const before = new Database(file);
  createTables(before);
  before.pragma('user_version = 1');
  before.prepare('INSERT INTO gateway_keys VALUES (?, ?, ?, NULL)').run('old', 'b'.repeat(64), 7);
  before.close();
  const { store, setAside } = openStore(file);
  expect(setAside).toBeNull();
  expect(store.keys()).toEqual([
    { name: 'old', sha256: 'b'.repeat(64), createdAtMs: 7, revokedAtMs: null, rules: unrestrictedKey },
  ]);
});

it('counts up, and past what is asked for', () => {
  const { store } = openStore(path.join(makeTempDir(), 'outpost.db'));
  expect([store.nextCount('table', 1), store.nextCount('table', 1), store.nextCount('table', 40)]).toEqual([1, 2, 40]);
});

it('sets a damaged database aside and starts a new one', () => {
  const folder = makeTempDir();
  const file = path.join(folder, 'outpost.db');
  writeFileSync(file, `this is no database${'x'.repeat(5000)}`);
  const { store, setAside } = openStore(file);
  expect(store.events(1)).toEqual([]);
  expect(readFileSync(setAside ?? '', 'utf8')).toContain('this is no database');
});

it('sets a database with a torn page aside', () => {
  const folder = makeTempDir();
  const file = path.join(folder, 'outpost.db');
  const { store } = openStore(file);
  for (let count = 0; count < 500; count++) {
    store.addEvent({ timeMs: 1, level: 'info', process: null, text: 'x'.repeat(500) });
  }
  store.close();
  const bytes = readFileSync(file);
  bytes.fill(0xff, 4096 * 3, 4096 * 20);
  writeFileSync(file, bytes);
  expect(openStore(file).setAside).not.toBeNull();
});

it('leaves a database of a newer Outpost alone', () => {
  const folder = makeTempDir();
  const file = path.join(folder, 'outpost.db');
  const newer = new Database(file);
  newer.pragma(`user_version = ${schemaVersion + 1}`);
  newer.close();
  const opened = openDatabase(file, 0);
  expect(opened).toMatchObject({ ok: false, error: { code: 'DATA_DIRECTORY_UNUSABLE' } });
  expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toEqual([]);
});

it.skipIf(process.platform === 'win32')('is readable by its owner alone, with the files beside it', () => {
  const folder = makeTempDir();
  const { store } = openStore(path.join(folder, 'outpost.db'));
  store.addEvent({ timeMs: 1, level: 'info', process: null, text: 'written to the write-ahead log' });
  const modes = readdirSync(folder).map(
    (name) => `${name} ${(statSync(path.join(folder, name)).mode & 0o777).toString(8)}`,
  );
  expect(modes.toSorted()).toEqual(['outpost.db 600', 'outpost.db-shm 600', 'outpost.db-wal 600']);
});

it('obeys a start or stop that cannot be written down, and says so', () => {
  const file = path.join(makeTempDir(), 'outpost.db');
  const { store } = openStore(file);
  store.setOverride('mistral', 'running', 1);
  // Another writer that never ends: as good as a disk that takes nothing.
  const other = new Database(file);
  onTestFinished(() => void other.close());
  other.exec('BEGIN IMMEDIATE');
  expect(() => store.setOverride('mistral', 'stopped', 2)).toThrow();
  expect(store.overrides().get('mistral')).toBe('stopped');
  other.exec('ROLLBACK');
  expect(openStore(file).store.overrides().get('mistral')).toBe('running');
});
