// `npm test`: everything that is checked, before a change is shared. Installs and builds what is missing or stale. The
// last line adds up all suites.
import { ensureBuilt } from './setup/ensure-built.mjs';
import { resolveElectron } from './setup/electron.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { runScript } from './setup/say.mjs';
import {
  ensureSystemPackages,
  findChromium,
  lackingForElectron,
  lackingForWindowTests,
} from './setup/system-packages.mjs';
import { runSuites } from './suites/run-suites.mjs';
import { runCheck, runTests } from './suites/suites.mjs';
import { withDisplay } from './suites/x-server.mjs';

await runScript(() =>
  runSuites([
    ['install', install],
    ['build', build],
    ['format', () => runCheck('format')],
    ['lint', () => runCheck('lint')],
    ['types', () => runCheck('types')],
    ['unit', () => runTests('unit')],
    ['integration', () => runTests('integration')],
    ['e2e', runWindowTests],
  ]),
);

async function install() {
  await ensureInstalled();
  return { passed: 1, failed: 0, skipped: 0 };
}

function build() {
  ensureBuilt();
  return { passed: 1, failed: 0, skipped: 0 };
}

async function runWindowTests() {
  const electron = await resolveElectron();
  ensureSystemPackages(() => [...lackingForElectron(electron), ...lackingForWindowTests()], 'Testing the window');
  return withDisplay((display) => runTests('e2e', { ...display, OUTPOST_CHROMIUM: findChromium() ?? '' }));
}
