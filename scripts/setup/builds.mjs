import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hasProc, identify, processesMentioning } from './processes.mjs';

/** Folder of the build with this hash. */
export function buildDir(dist, hash) {
  return path.join(dist, hash);
}

/** Whether the build with this hash is there and whole. */
export function isBuilt(dist, hash) {
  return existsSync(path.join(buildDir(dist, hash), '.complete'));
}

/**
 * Protects a build from removal while process `pid` lives, which is about to run programs from it: what it starts is
 * seen in the process list, but not before it is started.
 */
export function claimBuild(dist, hash, pid) {
  const claims = path.join(buildDir(dist, hash), '.claims');
  const claim = path.join(claims, String(pid));
  try {
    mkdirSync(claims, { recursive: true });
    writeFileSync(claim, identify(pid) ?? '');
  } catch (error) {
    // In somebody else's checkout we can neither build nor remove, only run what is there.
    if (error.code !== 'EACCES' && error.code !== 'EROFS') throw error;
    return;
  }
  if (pid === process.pid) process.once('exit', () => rmSync(claim, { force: true }));
}

/** Names the build that `dist/main.cjs`, Electron's entry, loads. */
export function makeCurrent(dist, hash) {
  const stub = `// Loads the newest build. Builds are never changed, so what runs from an older one is not disturbed.\nrequire('./${hash}/main.cjs');\n`;
  writeAtOnce(path.join(dist, 'main.cjs'), stub);
  writeAtOnce(path.join(dist, 'current'), `${hash}\n`);
}

/** Removes the builds that nothing runs from. Where that cannot be told for certain, all are kept. */
export function removeOldBuilds(dist, currentHash) {
  if (!hasProc) return;
  removeDeadClaims(buildDir(dist, currentHash));
  for (const name of readdirSync(dist)) {
    const dir = path.join(dist, name);
    if (name.startsWith('.unfinished-')) {
      if (identify(Number(name.split('-').at(-1))) === null) rmSync(dir, { recursive: true, force: true });
    } else if (/^[0-9a-f]{16}$/.test(name) && name !== currentHash && !isInUse(dir)) {
      // First out of the way, so that it is never found half removed.
      const doomed = path.join(dist, `.unfinished-removal-${process.pid}`);
      renameSync(dir, doomed);
      rmSync(doomed, { recursive: true, force: true });
    }
  }
}

function isInUse(dir) {
  if (removeDeadClaims(dir) > 0) return true;
  return processesMentioning([dir], { inEnvironment: true }).length > 0;
}

/** Forgets claims of processes that are gone; returns how many are left. */
function removeDeadClaims(dir) {
  const claims = path.join(dir, '.claims');
  let left = 0;
  for (const pid of existsSync(claims) ? readdirSync(claims) : []) {
    const claim = path.join(claims, pid);
    if (identify(Number(pid)) === readIfThere(claim)) left += 1;
    else rmSync(claim, { force: true });
  }
  return left;
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function writeAtOnce(file, content) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content);
  renameSync(draft, file);
}
