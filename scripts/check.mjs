// `npm run check`: the part of the tests that is fast enough to run while working.
import { ensureInstalled } from './setup/install.mjs';
import { runScript } from './setup/say.mjs';
import { runSuites } from './suites/run-suites.mjs';
import { checks, runCheck, runTests } from './suites/suites.mjs';

await runScript(() =>
  runSuites([
    ['install', install],
    ...Object.keys(checks).map((name) => [name, () => runCheck(name)]),
    ['unit', () => runTests('unit')],
  ]),
);

async function install() {
  await ensureInstalled();
  return { passed: 1, failed: 0, skipped: 0 };
}
