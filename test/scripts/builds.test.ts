import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { nodePath } from '../../electron/base/program-files.ts';
import { claimBuild, isBuilt, makeCurrent, removeOldBuilds } from '../../scripts/setup/builds.mjs';
import { hashInputs } from '../../scripts/setup/input-hash.mjs';
import { spawnCommand } from '../fixtures/spawn-program.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';

const hashes = {
  current: 'aaaaaaaaaaaaaaaa',
  running: 'bbbbbbbbbbbbbbbb',
  claimed: 'cccccccccccccccc',
  old: 'dddddddddddddddd',
};

function makeBuild(dist: string, hash: string): void {
  mkdirSync(path.join(dist, hash), { recursive: true });
  writeFileSync(path.join(dist, hash, 'service.mjs'), "console.log('up'); setInterval(() => {}, 1000);");
  writeFileSync(path.join(dist, hash, '.complete'), '');
}

it('removes only builds that nothing runs from and nobody is about to use', async () => {
  const dist = makeTempDir();
  for (const hash of Object.values(hashes)) makeBuild(dist, hash);
  const running = spawnCommand(nodePath(), [path.join(dist, hashes.running, 'service.mjs')]);
  const user = spawnCommand(nodePath(), ['-e', "console.log('up'); setInterval(() => {}, 1000)"]);
  await waitFor(() => running.stdout() !== '' && user.stdout() !== '');
  claimBuild(dist, hashes.claimed, user.pid);

  removeOldBuilds(dist, hashes.current);
  expect(readdirSync(dist).sort()).toEqual([hashes.current, hashes.running, hashes.claimed]);

  await running.stop();
  await user.stop();
  removeOldBuilds(dist, hashes.current);
  expect(readdirSync(dist)).toEqual([hashes.current]);
});

it('keeps a build whose folder is only in the environment of what runs from it', async () => {
  const dist = makeTempDir();
  makeBuild(dist, hashes.running);
  const env = { OUTPOST_PROGRAMS: path.join(dist, hashes.running) };
  const window = spawnCommand(nodePath(), ['-e', "console.log('up'); setInterval(() => {}, 1000)"], { env });
  await waitFor(() => window.stdout() !== '');
  removeOldBuilds(dist, hashes.current);
  expect(isBuilt(dist, hashes.running)).toBe(true);
});

it('clears up after a build that was killed', () => {
  const dist = makeTempDir();
  // No process has this id: it is above what Linux gives.
  mkdirSync(path.join(dist, '.unfinished-99999999'));
  mkdirSync(path.join(dist, `.unfinished-${process.pid}`));
  removeOldBuilds(dist, hashes.current);
  expect(readdirSync(dist)).toEqual([`.unfinished-${process.pid}`]);
});

it('names the current build for Electron', () => {
  const dist = makeTempDir();
  makeCurrent(dist, hashes.current);
  expect(readFileSync(path.join(dist, 'current'), 'utf8').trim()).toBe(hashes.current);
  expect(readFileSync(path.join(dist, 'main.cjs'), 'utf8')).toContain(`require('./${hashes.current}/main.cjs')`);
});

it('calls a build stale when the content, the name or the presence of a source changes', () => {
  const root = makeTempDir();
  mkdirSync(path.join(root, 'electron', 'cli'), { recursive: true });
  writeFileSync(path.join(root, 'electron', 'cli', 'main.ts'), 'one');
  const before = hashInputs(root);
  expect(before).toMatch(/^[0-9a-f]{16}$/);
  writeFileSync(path.join(root, 'README.md'), 'not a source');
  expect(hashInputs(root)).toBe(before);
  writeFileSync(path.join(root, 'electron', 'cli', 'main.ts'), 'two');
  const changed = hashInputs(root);
  expect(changed).not.toBe(before);
  writeFileSync(path.join(root, 'electron', 'cli', 'other.ts'), '');
  expect(new Set([before, changed, hashInputs(root)]).size).toBe(3);
});
