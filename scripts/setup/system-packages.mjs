import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { SetupError, say } from './say.mjs';

/** Debian's packages with the shared libraries that Electron opens, some of them only while it runs. */
const electronPackages = [
  'libasound2',
  'libatk-bridge2.0-0',
  'libatk1.0-0',
  'libatspi2.0-0',
  'libcairo2',
  'libcups2',
  'libdbus-1-3',
  'libdrm2',
  'libexpat1',
  'libgbm1',
  'libglib2.0-0',
  'libgtk-3-0',
  'libnspr4',
  'libnss3',
  'libpango-1.0-0',
  'libx11-6',
  'libxcb1',
  'libxcomposite1',
  'libxdamage1',
  'libxext6',
  'libxfixes3',
  'libxkbcommon0',
  'libxrandr2',
  'libxss1',
];

/** Debian's packages that Electron at this path lacks; none when all its libraries are found. */
export function lackingForElectron(executable) {
  if (process.platform !== 'linux') return [];
  return missingLibraries(path.dirname(executable)).length > 0 ? electronPackages : [];
}

/** Debian's packages that window tests lack besides. */
export function lackingForWindowTests() {
  if (process.platform !== 'linux') return [];
  return [...(findCommand('Xvfb') === null ? ['xvfb'] : []), ...(findChromium() === null ? ['chromium'] : [])];
}

/** Path of the Chromium that browser tests run in: `OUTPOST_CHROMIUM`, else the system's; null when there is none. */
export function findChromium() {
  const given = process.env.OUTPOST_CHROMIUM;
  if (given !== undefined && given !== '') return given;
  return ['chromium', 'chromium-browser', 'google-chrome'].map(findCommand).find((found) => found !== null) ?? null;
}

/**
 * Makes sure that nothing is lacking: as root on a machine for automated tests (`CI=true`) by installing it, elsewhere
 * by asking for it with the line to type. `findLacking` is asked again after an install.
 */
export function ensureSystemPackages(findLacking, purpose) {
  const lacking = findLacking();
  if (lacking.length === 0) return;
  if (findCommand('apt-get') === null) {
    throw new SetupError(
      `${purpose} needs what Debian has in: ${lacking.join(' ')}. Install the same for this system.`,
    );
  }
  if (process.env.CI !== 'true' || process.getuid() !== 0) {
    const sudo = process.getuid() === 0 ? '' : 'sudo ';
    throw new SetupError(
      `${purpose} needs packages that are not installed here. Type this, then try again:\n\n` +
        `  ${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${named(lacking).join(' ')}\n`,
    );
  }
  say(`${purpose}: installing ${lacking.join(' ')}`);
  aptGet(['update']);
  aptGet(['install', '--no-install-recommends', ...named(lacking)]);
  const still = findLacking();
  if (still.length > 0) throw new SetupError(`${purpose} still lacks ${still.join(' ')} after apt-get installed it.`);
}

function missingLibraries(dir) {
  // libXss is opened by name while running, so ldd does not list it.
  const opened = findCommand('ldconfig') === null || loadable('libXss.so.1') ? [] : ['libXss.so.1'];
  const linked = readdirSync(dir)
    .filter((name) => /\.so(\.|$)/.test(name) || name === 'electron')
    .flatMap((name) => spawnSync('ldd', [path.join(dir, name)], { encoding: 'utf8' }).stdout?.split('\n') ?? [])
    .filter((line) => line.includes('not found'))
    .map((line) => line.trim().split(' ')[0]);
  return [...opened, ...linked];
}

function loadable(library) {
  const { stdout } = spawnSync(findCommand('ldconfig'), ['-p'], { encoding: 'utf8' });
  return stdout.includes(`${library} `);
}

/** Since Debian 13 some libraries carry `t64` in their package's name. */
function named(packages) {
  return packages.map((name) => {
    const renamed = `${name}t64`;
    return spawnSync('apt-cache', ['show', renamed], { stdio: 'ignore' }).status === 0 ? renamed : name;
  });
}

function aptGet(args) {
  const { status } = spawnSync('apt-get', ['-y', '-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new SetupError(`apt-get ${args[0]} failed; what it said is above.`);
}

function findCommand(name) {
  // An ordinary user's PATH leaves out where ldconfig is.
  for (const dir of [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin']) {
    const file = path.join(dir, name);
    if (dir !== '' && existsSync(file) && isExecutable(file)) return file;
  }
  return null;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // That is the answer.
    return false;
  }
}
