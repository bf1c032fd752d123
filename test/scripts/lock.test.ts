import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { nodePath } from '../../electron/base/program-files.ts';
import { withLock } from '../../scripts/setup/lock.mjs';
import { spawnCommand } from '../fixtures/spawn-program.ts';
import type { SpawnedProgram } from '../fixtures/spawn-program.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';

const lockModule = path.resolve(import.meta.dirname, '../../scripts/setup/lock.mjs');

/** A process that takes the lock, notes `in`, holds it until there is a file `go`, notes `out` and ends. */
function spawnHolder(dir: string): SpawnedProgram {
  const script = `
    import { appendFileSync, existsSync } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { withLock } from ${JSON.stringify(lockModule)};
    await withLock('lock', 'holding', async () => {
      appendFileSync('notes', 'in\\n');
      while (!existsSync('go')) await sleep(10);
      appendFileSync('notes', 'out\\n');
    });`;
  return spawnCommand(nodePath(), ['--input-type=module', '-e', script], { cwd: dir });
}

function notesIn(dir: string): string[] {
  return readdirSync(dir).includes('notes') ? readFileSync(path.join(dir, 'notes'), 'utf8').trim().split('\n') : [];
}

it('lets one process in at a time, and the waiting ones say for whom they wait', async () => {
  const dir = makeTempDir();
  const first = spawnHolder(dir);
  await waitFor(() => notesIn(dir).length === 1);
  const others = [spawnHolder(dir), spawnHolder(dir), spawnHolder(dir)];
  for (const other of others) {
    await waitFor(() => /waiting for process \d+, which is busy with: holding/.test(other.stderr()));
  }
  writeFileSync(path.join(dir, 'go'), '');
  await Promise.all([first, ...others].map((holder) => holder.exited));
  expect(notesIn(dir)).toEqual(['in', 'out', 'in', 'out', 'in', 'out', 'in', 'out']);
  expect(readdirSync(dir).sort()).toEqual(['go', 'notes']);
});

it('takes over the lock of a process that was killed, with several heirs at once', async () => {
  const dir = makeTempDir();
  const killed = spawnHolder(dir);
  await waitFor(() => notesIn(dir).length === 1);
  killed.child.kill('SIGKILL');
  await killed.exited;
  const heirs = [1, 2, 3, 4].map(() => spawnHolder(dir));
  await waitFor(() => notesIn(dir).length === 2);
  writeFileSync(path.join(dir, 'go'), '');
  await Promise.all(heirs.map((heir) => heir.exited));
  expect(notesIn(dir)).toEqual(['in', 'in', 'out', 'in', 'out', 'in', 'out', 'in', 'out']);
  expect(readdirSync(dir).sort()).toEqual(['go', 'notes']);
});

it('is not fooled by another process that got the id of the dead holder', async () => {
  const dir = makeTempDir();
  const lock = path.join(dir, 'lock');
  writeFileSync(
    lock,
    JSON.stringify({ pid: process.pid, holder: `${process.pid} 1 another-boot`, purpose: 'x', token: 't' }),
  );
  expect(await withLock(lock, 'testing', async () => 'in')).toBe('in');
});

it('lets go of the lock when the work fails', async () => {
  const lock = path.join(makeTempDir(), 'lock');
  await expect(withLock(lock, 'testing', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(lock, 'testing', async () => 'in')).toBe('in');
});
