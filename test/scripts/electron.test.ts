import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { resolveElectron } from '../../scripts/setup/electron.mjs';
import { makeTempDir } from '../fixtures/temp-dir.ts';

const executableName = process.platform === 'win32' ? 'electron.exe' : 'electron';

function setOverride(dir: string): void {
  const before = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  process.env.ELECTRON_OVERRIDE_DIST_PATH = dir;
  onTestFinished(() => {
    if (before === undefined) delete process.env.ELECTRON_OVERRIDE_DIST_PATH;
    else process.env.ELECTRON_OVERRIDE_DIST_PATH = before;
  });
}

it('takes the Electron that is given and downloads nothing', async () => {
  const dir = makeTempDir();
  writeFileSync(path.join(dir, executableName), '');
  setOverride(dir);
  expect(await resolveElectron()).toBe(path.join(dir, executableName));
});

it('names the folder that was given when there is no Electron in it', async () => {
  const dir = makeTempDir();
  setOverride(dir);
  await expect(resolveElectron()).rejects.toThrow(`ELECTRON_OVERRIDE_DIST_PATH names ${dir}`);
});
