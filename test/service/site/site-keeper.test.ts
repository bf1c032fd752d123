import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../electron/base/clock.ts';
import { putFeature } from '../../../electron/service/site/edit-site.ts';
import type { SiteChanged } from '../../../electron/service/site/site-keeper.ts';
import { SiteKeeper } from '../../../electron/service/site/site-keeper.ts';
import { openDatabase } from '../../../electron/service/store/open-database.ts';
import { Store } from '../../../electron/service/store/store.ts';
import { makeTempDir } from '../../fixtures/temp-dir.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { testCatalogues } from '../fake-catalogues.ts';

const first = 'version: 1\nsite: { name: Lab }\n';
const broken = 'version: 1\nsite: { nam: Lab }\n';

function openKeeper(folder: string) {
  const opened = openDatabase(path.join(folder, 'outpost.db'), 0);
  if (!opened.ok) throw new Error(opened.error.message);
  const store = new Store(opened.value.database);
  const changes: SiteChanged[] = [];
  const keeper = new SiteKeeper(path.join(folder, 'site.yaml'), store, testCatalogues, systemClock, {
    changed: (change) => changes.push(change),
    problems: () => undefined,
  });
  keeper.open();
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    keeper.close();
    store.close();
  };
  onTestFinished(close);
  return { keeper, store, changes, close, file: keeper.file };
}

it('keeps every change with author, summary and difference, and rolls back as a new change', () => {
  const { keeper, file } = openKeeper(makeTempDir());
  expect(keeper.exists()).toBe(false);
  expect(keeper.start(first, 'cli')).toMatchObject({ ok: true, value: { revision: 1 } });
  expect(keeper.edit(putFeature('duo_chat', 'disabled'), 'window', 'set duo_chat')).toMatchObject({ ok: true });
  const [newest] = keeper.history(10);
  expect(newest).toMatchObject({ revision: 2, author: 'window', summary: 'changed feature duo_chat' });
  expect(newest?.diff).toContain('+  duo_chat: disabled');
  expect(keeper.rollback(1, 'cli')).toMatchObject({ ok: true, value: { revision: 3 } });
  expect(readFileSync(file, 'utf8')).toBe(first);
  expect(keeper.rollback(99, 'cli')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
});

it('takes up hand edits, also of editors that replace the file', async () => {
  const folder = makeTempDir();
  const { keeper, changes, file } = openKeeper(folder);
  writeFileSync(file, first);
  await waitFor(() => keeper.inForce()?.site.site.name === 'Lab');
  writeFileSync(`${file}.swp`, first.replace('Lab', 'Lab 2'));
  renameSync(`${file}.swp`, file);
  await waitFor(() => keeper.inForce()?.site.site.name === 'Lab 2');
  expect(changes.map(({ author }) => author)).toEqual(['file', 'file']);
});

it('keeps the last valid site in force while the file is broken, also across a restart', async () => {
  const folder = makeTempDir();
  const before = openKeeper(folder);
  before.keeper.start(first, 'cli');
  writeFileSync(before.file, broken);
  await waitFor(() => before.keeper.state().problems);
  expect(before.keeper.state().problems?.map(({ line, path }) => [line, path])).toEqual([
    [2, 'site.name'],
    [2, 'site.nam'],
  ]);
  before.close();

  const { keeper, file } = openKeeper(folder);
  expect(keeper.inForce()?.site.site.name).toBe('Lab');
  expect(keeper.state()).toMatchObject({ revision: 1, problems: [{ line: 2 }, { line: 2 }] });
  writeFileSync(file, first);
  await waitFor(() => keeper.state().problems === null);
  expect(keeper.state().revision).toBe(1);
});

it('never overwrites a broken file with an edit, and sets it aside when it is replaced as a whole', () => {
  const folder = makeTempDir();
  const { keeper, file } = openKeeper(folder);
  keeper.start(first, 'cli');
  writeFileSync(file, broken);
  const refused = keeper.edit(putFeature('duo_chat', 'disabled'), 'cli', 'set duo_chat');
  expect(refused).toMatchObject({ ok: false, error: { code: 'SITE_INVALID' } });
  expect(!refused.ok && refused.error.message).toContain('line 2');
  expect(readFileSync(file, 'utf8')).toBe(broken);
  expect(keeper.text()).toBe(broken);

  expect(keeper.save(first.replace('Lab', 'Lab 3'), 1, 'window')).toMatchObject({
    ok: true,
    value: { problems: null },
  });
  const kept = readdirSync(folder).filter((name) => name.includes('.refused-'));
  expect(kept.map((name) => readFileSync(path.join(folder, name), 'utf8'))).toEqual([broken]);
  expect(keeper.history(1)[0]?.summary).toContain(kept[0]);
});

it('takes a hand edit as a change of its own before it edits on top of it', () => {
  const { keeper, changes, file } = openKeeper(makeTempDir());
  keeper.start(first, 'cli');
  writeFileSync(file, `${first}# by hand\n`);
  keeper.edit(putFeature('duo_chat', 'disabled'), 'cli', 'set duo_chat');
  expect(changes.map(({ author }) => author)).toEqual(['cli', 'file', 'cli']);
  expect(readFileSync(file, 'utf8')).toContain('# by hand');
});

it('refuses a text that started from another revision, or is not valid', () => {
  const { keeper } = openKeeper(makeTempDir());
  keeper.start(first, 'cli');
  keeper.edit(putFeature('duo_chat', 'disabled'), 'cli', 'set duo_chat');
  expect(keeper.save(first, 1, 'browser')).toMatchObject({ ok: false, error: { code: 'SITE_CHANGED_MEANWHILE' } });
  const invalid = keeper.save(broken, 2, 'browser');
  expect(invalid).toMatchObject({ ok: false, error: { code: 'SITE_INVALID' } });
  expect(!invalid.ok && invalid.error.detail).toContain('line 2, site.nam');
  expect(keeper.state().revision).toBe(2);
});

it('says that the file is gone, and writes it again on a rollback', async () => {
  const { keeper, file } = openKeeper(makeTempDir());
  keeper.start(first, 'cli');
  rmSync(file);
  await waitFor(() => keeper.state().problems?.[0]?.reason.includes('missing'));
  expect(keeper.inForce()?.site.site.name).toBe('Lab');
  expect(keeper.edit(putFeature('duo_chat', 'disabled'), 'cli', 'set duo_chat').ok).toBe(false);
  expect(keeper.rollback(1, 'cli').ok).toBe(true);
  expect(existsSync(file)).toBe(true);
});

it('writes through a symbolic link and keeps the mode of the file', () => {
  const folder = makeTempDir();
  const elsewhere = mkdtempSync(path.join(folder, 'real-'));
  const real = path.join(elsewhere, 'lab.yaml');
  writeFileSync(real, first, { mode: 0o640 });
  symlinkSync(real, path.join(folder, 'site.yaml'));
  const { keeper } = openKeeper(folder);
  keeper.edit(putFeature('duo_chat', 'disabled'), 'cli', 'set duo_chat');
  expect(readFileSync(real, 'utf8')).toContain('duo_chat: disabled');
  expect(statSync(real).mode & 0o777).toBe(0o640);
});
