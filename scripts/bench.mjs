// `npm run bench [-- NAME … [--FLAG …]]`: the project's own measurements, one file each in scripts/bench/; run them when a change
// may cost speed or memory. Each prints a table and writes JSON. Flags are handed on to the benchmarks.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from './setup/ensure-built.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { places } from './setup/places.mjs';
import { runChild } from './setup/run-child.mjs';
import { SetupError, runScript, say } from './setup/say.mjs';

const benchDir = path.join(places.root, 'scripts', 'bench');

await runScript(async () => {
  const available = availableBenchmarks();
  const given = process.argv.slice(2);
  const firstFlag = given.findIndex((argument) => argument.startsWith('--'));
  const asked = firstFlag < 0 ? given : given.slice(0, firstFlag);
  const flags = given.slice(asked.length);
  const unknown = asked.filter((name) => !available.includes(name));
  const listed = available.length > 0 ? available.join(', ') : 'none yet';
  if (unknown.length > 0) throw new SetupError(`There is no benchmark ${unknown.join(', ')}. There are: ${listed}.`);
  say(`benchmarks: ${listed}`);
  if (available.length === 0) return 0;
  await ensureInstalled();
  const env = { ...process.env, OUTPOST_PROGRAMS: ensureBuilt(), OUTPOST_NODE: places.node24 };
  let failures = 0;
  for (const name of asked.length > 0 ? asked : available) {
    const { code } = await runChild(places.node24, [path.join(benchDir, `${name}.mjs`), ...flags], {
      env,
      cwd: places.root,
    });
    if (code !== 0) failures += 1;
  }
  return failures === 0 ? 0 : 1;
});

function availableBenchmarks() {
  if (!existsSync(benchDir)) return [];
  return readdirSync(benchDir)
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => name.slice(0, -'.mjs'.length));
}
