import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { desktopScripts, programs } from '../../scripts/build/bundle-programs.mjs';
import { spawnCommand } from '../fixtures/spawn-program.ts';
import type { SpawnedProgram, SpawnOptions } from '../fixtures/spawn-program.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** A checkout with these scripts and the smallest programs, one of which is the given command line. */
function makeCheckout(commandLine: string): string {
  const dir = makeTempDir();
  for (const name of ['scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts']) {
    cpSync(path.join(root, name), path.join(dir, name), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(dir, 'node_modules'));
  for (const entry of [...Object.values(programs), ...Object.values(desktopScripts)]) write(dir, entry, 'export {};');
  write(dir, 'resources/note.txt', 'shipped as it is');
  write(dir, 'renderer/index.html', '<!doctype html><title>x</title><script type="module" src="./main.ts"></script>');
  write(dir, 'renderer/main.ts', 'document.title = "y";');
  write(dir, programs.cli, commandLine);
  return dir;
}

function write(dir: string, file: string, content: string): void {
  mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
  writeFileSync(path.join(dir, file), content);
}

function outpost(dir: string, args: string[], options: SpawnOptions = {}): SpawnedProgram {
  return spawnCommand(process.execPath, [path.join(dir, 'scripts', 'outpost.mjs'), ...args], options);
}

it('builds what is stale, says so on stderr only, and hands on arguments, stdin and exit code', async () => {
  const dir = makeCheckout(`
    import { text } from 'node:stream/consumers';
    console.log(JSON.stringify({ args: process.argv.slice(2), node: process.versions.node, stdin: await text(process.stdin) }));
    process.exitCode = 7;`);
  const first = outpost(dir, ['requests', '--limit', '2'], { stdin: 'secret' });
  expect(await first.exited).toEqual({ code: 7, signal: null });
  const { args, node, stdin } = JSON.parse(first.stdout());
  expect({ args, stdin }).toEqual({ args: ['requests', '--limit', '2'], stdin: 'secret' });
  expect(Number(node.split('.')[0])).toBeGreaterThanOrEqual(24);
  expect(first.stderr()).toContain('outpost: building');

  const second = outpost(dir, []);
  await second.exited;
  expect(second.stderr()).toBe('');
});

it('builds all programs as single files beside renderer and resources', async () => {
  const dir = makeCheckout('console.log(process.argv[1]);');
  const run = outpost(dir, []);
  await run.exited;
  const built = readdirSync(path.dirname(run.stdout().trim())).filter((name) => !name.endsWith('.map'));
  expect(built.sort()).toEqual(
    [
      ...['.claims', '.complete', 'main.cjs', 'preload.cjs', 'package.json', 'renderer', 'resources'],
      ...Object.keys(programs).map((name) => `${name}.mjs`),
    ].sort(),
  );
  // Nothing inline, so that a strict content security policy holds.
  expect(readdirSync(path.join(path.dirname(run.stdout().trim()), 'renderer'))).toContain('index.html');
});

it('leaves a running program its build when the sources change, and removes that build when it has ended', async () => {
  const dir = makeCheckout(
    "console.log(process.argv[1]); if (process.argv[2] === 'stay') setInterval(() => {}, 1000);",
  );
  const running = outpost(dir, ['stay']);
  const oldBuild = path.dirname(await waitFor(() => running.stdout().trim()));
  write(dir, programs.gateway, 'console.log("changed");');
  const next = outpost(dir, []);
  await next.exited;
  expect(path.dirname(next.stdout().trim())).not.toBe(oldBuild);
  expect(existsSync(path.join(oldBuild, 'cli.mjs'))).toBe(true);

  await running.stop();
  write(dir, programs.gateway, 'console.log("changed again");');
  await outpost(dir, []).exited;
  expect(existsSync(oldBuild)).toBe(false);
});

it('passes signals on and ends as the program ends', async () => {
  const dir = makeCheckout(`
    process.on('SIGTERM', () => { console.log('polite'); process.exit(3); });
    console.log('up'); setInterval(() => {}, 1000);`);
  const polite = outpost(dir, []);
  await waitFor(() => polite.stdout().includes('up'));
  polite.child.kill('SIGTERM');
  expect(await polite.exited).toEqual({ code: 3, signal: null });
  expect(polite.stdout()).toContain('polite');

  const interrupted = outpost(dir, []);
  await waitFor(() => interrupted.stdout().includes('up'));
  interrupted.child.kill('SIGINT');
  expect(await interrupted.exited).toEqual({ code: null, signal: 'SIGINT' });
});

it('reports a source that cannot be built and starts nothing', async () => {
  const dir = makeCheckout('import "./missing.ts"; console.log("started");');
  const run = outpost(dir, []);
  expect((await run.exited).code).toBe(1);
  expect(run.stdout()).toBe('');
  expect(run.stderr()).toContain('./missing.ts');
  expect(run.stderr()).toContain('The build failed');
});
