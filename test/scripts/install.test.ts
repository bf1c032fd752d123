import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { nodePath } from '../../electron/base/program-files.ts';
import { ensureInstalled, isInstalled } from '../../scripts/setup/install.mjs';
import { placesIn } from '../../scripts/setup/places.mjs';
import { spawnCommand } from '../fixtures/spawn-program.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';

type Places = ReturnType<typeof placesIn>;

const packages = {
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-o', optional: true },
};

/** A checkout whose `install` does what npm would, as far as anything here looks at it, and counts. */
function makeCheckout() {
  const at = placesIn(makeTempDir());
  let installs = 0;
  writeLock(at, packages);
  const installPackages = () => {
    installs += 1;
    rmSync(at.nodeModules, { recursive: true, force: true });
    mkdirSync(path.dirname(at.node24), { recursive: true });
    copyFileSync(nodePath(), at.node24);
    const { 'node_modules/other-platform': _left, ...installed } = JSON.parse(
      readFileSync(at.lockFile, 'utf8'),
    ).packages;
    writeFileSync(at.npmRecord, JSON.stringify({ packages: installed }));
  };
  return { at, install: () => ensureInstalled(at, { installPackages }), count: () => installs, installPackages };
}

function writeLock(at: Places, content: Record<string, unknown>): void {
  writeFileSync(at.lockFile, JSON.stringify({ packages: { '': {}, ...content } }));
}

it('installs once, and again when package-lock.json names something else', async () => {
  const { at, install, count } = makeCheckout();
  await install();
  await install();
  expect(count()).toBe(1);
  writeLock(at, { ...packages, 'node_modules/a': { version: '1.0.1', integrity: 'sha512-b' } });
  expect(isInstalled(at)).toBe(false);
  await install();
  expect(count()).toBe(2);
});

it('accepts what somebody installed with npm by hand', async () => {
  const { install, count, installPackages } = makeCheckout();
  installPackages();
  await install();
  expect(count()).toBe(1);
});

it('installs again after an install that was broken off', async () => {
  const { at, install, count } = makeCheckout();
  await install();
  rmSync(at.npmRecord);
  await install();
  expect(count()).toBe(2);
});

it('keeps usable packages while a process runs from them', async () => {
  const { at, install, count } = makeCheckout();
  await install();
  const program = spawnCommand(at.node24, ['-e', "console.log('up'); setInterval(() => {}, 1000)"]);
  await waitFor(() => program.stdout().includes('up'));
  writeLock(at, { 'node_modules/b': { version: '1.0.0', integrity: 'sha512-b' } });
  await install();
  expect(count()).toBe(1);
  await program.stop();
  await install();
  expect(count()).toBe(2);
});

it('refuses to replace unusable packages while a process runs from them, naming it', async () => {
  const { at, install, count } = makeCheckout();
  await install();
  const program = spawnCommand(at.node24, ['-e', "console.log('up'); setInterval(() => {}, 1000)"]);
  await waitFor(() => program.stdout().includes('up'));
  rmSync(at.npmRecord);
  await expect(install()).rejects.toThrow(new RegExp(`${program.pid} .*\\n.*outpost down`, 's'));
  expect(count()).toBe(1);
});

it('says so when npm brings no Node for this machine', async () => {
  const { at } = makeCheckout();
  await expect(ensureInstalled(at, { installPackages: () => undefined })).rejects.toThrow(
    'no Node 24 for this machine',
  );
});
