// Run by the other scripts, on Node 24, to build what is stale; run it by hand to see only the build.
// Prints the folder of the build on stdout, everything else on stderr.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundlePrograms } from './build/bundle-programs.mjs';
import { bundleRenderer } from './build/bundle-renderer.mjs';
import { buildDir, claimBuild, isBuilt, makeCurrent, removeOldBuilds } from './setup/builds.mjs';
import { hashInputs } from './setup/input-hash.mjs';
import { withLock } from './setup/lock.mjs';
import { places } from './setup/places.mjs';
import { SetupError, runScript, say } from './setup/say.mjs';

const { root, dist, setupCache } = places;
/** The process that is going to use the build, and by living keeps it from being removed. */
const user = Number(process.env.OUTPOST_BUILD_USER ?? process.ppid);

await runScript(() =>
  withLock(path.join(setupCache, 'build.lock'), 'building', async () => {
    const hash = await buildStable();
    claimBuild(dist, hash, user);
    makeCurrent(dist, hash);
    removeOldBuilds(dist, hash);
    process.stdout.write(`${buildDir(dist, hash)}\n`);
  }),
);

/** Builds until the sources have not changed meanwhile, so that a build is always what its hash says. */
async function buildStable() {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const hash = hashInputs(root);
    if (isBuilt(dist, hash)) return hash;
    const draft = path.join(dist, `.unfinished-${process.pid}`);
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    const startMs = performance.now();
    say('building');
    await buildInto(draft);
    if (hashInputs(root) === hash) {
      rmSync(buildDir(dist, hash), { recursive: true, force: true });
      writeFileSync(path.join(draft, '.complete'), '');
      renameSync(draft, buildDir(dist, hash));
      say(`built in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
      return hash;
    }
    say('the sources changed during the build, once more');
    rmSync(draft, { recursive: true, force: true });
  }
  throw new SetupError('The sources changed during each of 5 builds. Build again when they rest.');
}

async function buildInto(dir) {
  await bundlePrograms(root, dir);
  await bundleRenderer(root, dir);
  if (existsSync(path.join(root, 'resources'))) {
    cpSync(path.join(root, 'resources'), path.join(dir, 'resources'), { recursive: true });
  }
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  writeFileSync(path.join(dir, 'package.json'), JSON.stringify({ name, version, type: 'module' }));
}
