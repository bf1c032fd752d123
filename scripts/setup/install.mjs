import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { hasNode24, places } from './places.mjs';
import { processesMentioning } from './processes.mjs';
import { SetupError, say } from './say.mjs';

/**
 * Installs the packages of package-lock.json when they are missing or stale. npm first removes what is there, so it
 * never runs while something runs from it: then the old packages stay, if they can be used at all.
 */
export async function ensureInstalled(at = places, { installPackages = npmCi } = {}) {
  if (isInstalled(at)) return;
  await withLock(path.join(at.setupCache, 'install.lock'), 'installing packages', async () => {
    if (isInstalled(at)) return;
    const users = processesMentioning([at.nodeModules + path.sep]);
    if (users.length > 0) {
      const list = users.map(({ pid, command }) => `\n  ${pid} ${shorten(command)}`).join('');
      if (isUsable(at)) {
        say(`node_modules is older than package-lock.json, but in use, so it stays as it is. It is used by:${list}`);
        say('`node scripts/outpost.mjs down` stops what Outpost runs; then the next command installs.');
        return;
      }
      throw new SetupError(
        `The packages must be installed, but processes still run from ${at.nodeModules}:${list}\n` +
          'Stop them (`outpost down` stops what Outpost runs), then try again.',
      );
    }
    say('installing packages with npm ci; this takes a minute');
    installPackages(at);
    if (!hasNode24(at)) {
      throw new SetupError(
        `npm installed no Node 24 for this machine (${process.platform} ${process.arch}). ` +
          'Outpost runs on Linux and Windows on x64.',
      );
    }
    writeFileSync(at.installMarker, lockHash(at));
  });
}

/** Whether node_modules holds what package-lock.json names. */
export function isInstalled(at = places) {
  if (!isUsable(at)) return false;
  const wanted = lockHash(at);
  if (existsSync(at.installMarker) && readFileSync(at.installMarker, 'utf8') === wanted) return true;
  if (!recordAgrees(at)) return false;
  // Somebody ran npm by hand.
  writeFileSync(at.installMarker, wanted);
  return true;
}

function isUsable(at) {
  return hasNode24(at) && existsSync(at.npmRecord);
}

function lockHash(at) {
  return createHash('sha256').update(readFileSync(at.lockFile)).digest('hex');
}

/** Compares npm's own record of what it installed, its last act of an install, with package-lock.json. */
function recordAgrees(at) {
  const wanted = JSON.parse(readFileSync(at.lockFile, 'utf8')).packages;
  const installed = JSON.parse(readFileSync(at.npmRecord, 'utf8')).packages;
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '') return true;
    const found = installed[name];
    // Packages for other platforms are left out.
    if (found === undefined) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function npmCi(at) {
  const given = process.env.npm_execpath ?? '';
  const [command, ...before] = given.endsWith('npm-cli.js') ? [process.execPath, given] : ['npm'];
  const { status, error } = spawnSync(
    command,
    // Some packages ask for a newer Node than the one npm runs on; they run on Node 24 all the same, hence no warnings.
    // With NODE_ENV=production npm would leave out what builds.
    [
      ...before,
      'ci',
      '--include=dev',
      '--include=optional',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-update-notifier',
      '--loglevel=error',
    ],
    { cwd: at.root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' && before.length === 0 },
  );
  if (error !== undefined) throw new SetupError(`npm could not be started (${error.message}). Install Node with npm.`);
  if (status !== 0) throw new SetupError('npm ci failed; what it said is above. It needs a package registry to reach.');
}

function shorten(command) {
  return command.length > 120 ? `${command.slice(0, 119)}…` : command;
}
