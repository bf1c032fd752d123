import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildDir, claimBuild, isBuilt } from './builds.mjs';
import { hashInputs } from './input-hash.mjs';
import { places } from './places.mjs';
import { SetupError } from './say.mjs';

/** Builds what is stale. Returns the folder of the build, which stays at least as long as this process lives. */
export function ensureBuilt() {
  const { root, dist, node24 } = places;
  const hash = hashInputs(root);
  if (isBuilt(dist, hash) && currentBuild(dist) === hash) {
    claimBuild(dist, hash, process.pid);
    // It may have been taken away just before.
    if (isBuilt(dist, hash)) return buildDir(dist, hash);
  }
  const { status, stdout, error } = spawnSync(node24, [path.join(root, 'scripts', 'build.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, OUTPOST_BUILD_USER: String(process.pid) },
    stdio: ['ignore', 'pipe', 2],
  });
  if (error !== undefined) throw new SetupError(`${node24} could not be started: ${error.message}.`);
  if (status !== 0) throw new SetupError('The build failed; why is said above.');
  return stdout.trim();
}

function currentBuild(dist) {
  try {
    return readFileSync(path.join(dist, 'current'), 'utf8').trim();
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}
