import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { places } from './places.mjs';
import { SetupError, say } from './say.mjs';

const withoutWindow =
  'Without it the same pages are in a browser: `node scripts/outpost.mjs serve --demo` and open the address it prints.';

/** Path of the Electron executable: from `ELECTRON_OVERRIDE_DIST_PATH`, else electron's own, downloaded if need be. */
export async function resolveElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override !== undefined && override !== '') {
    const executable = path.join(override, process.platform === 'win32' ? 'electron.exe' : 'electron');
    if (existsSync(executable)) return executable;
    throw new SetupError(`ELECTRON_OVERRIDE_DIST_PATH names ${override}, but there is no ${executable}.`);
  }
  const here = downloadedElectron();
  if (here !== null) return here;
  return withLock(path.join(places.setupCache, 'electron.lock'), 'downloading Electron', downloadElectron);
}

async function downloadElectron() {
  const meanwhile = downloadedElectron();
  if (meanwhile !== null) return meanwhile;
  say('downloading Electron (about 110 MB, once)');
  const { status } = spawnSync(places.node24, [path.join(places.nodeModules, 'electron', 'install.js')], {
    stdio: ['ignore', 2, 2],
  });
  const executable = downloadedElectron();
  if (status === 0 && executable !== null) return executable;
  throw new SetupError(
    'Electron could not be downloaded. Try again with a connection, or set ELECTRON_MIRROR to a mirror of its ' +
      'releases, or ELECTRON_OVERRIDE_DIST_PATH to a folder with an unpacked Electron (25 or later) for this ' +
      `machine. ${withoutWindow}`,
  );
}

function downloadedElectron() {
  const home = path.join(places.nodeModules, 'electron');
  const pathFile = path.join(home, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const executable = path.join(home, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(executable) ? executable : null;
}

/** Refuses plainly when there is no display to show a window on. */
export function ensureDisplay() {
  if (process.platform !== 'linux') return;
  if ((process.env.DISPLAY ?? '') !== '' || (process.env.WAYLAND_DISPLAY ?? '') !== '') return;
  throw new SetupError(`There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set). ${withoutWindow}`);
}

/**
 * Electron's own arguments for this user. Its sandbox does not work for root; for others it needs what some systems
 * deny: then this refuses with what to type, since running without it is not for a program to decide.
 */
export function sandboxArguments(executable) {
  if (process.platform !== 'linux') return [];
  if (process.getuid() === 0) return ['--no-sandbox'];
  const helper = path.join(path.dirname(executable), 'chrome-sandbox');
  const { uid, mode } = statSync(helper, { throwIfNoEntry: false }) ?? { uid: -1, mode: 0 };
  const helperWorks = uid === 0 && (mode & 0o4000) !== 0;
  if (helperWorks || userNamespacesAllowed()) return [];
  throw new SetupError(
    'This system denies ordinary users the means of Electron’s sandbox. Give its helper the right it needs, then try ' +
      `again:\n\n  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'\n`,
  );
}

function userNamespacesAllowed() {
  return !(
    settingIs('/proc/sys/kernel/unprivileged_userns_clone', '0') ||
    settingIs('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1') ||
    settingIs('/proc/sys/user/max_user_namespaces', '0')
  );
}

function settingIs(file, value) {
  return existsSync(file) && readFileSync(file, 'utf8').trim() === value;
}
