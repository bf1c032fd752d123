// `npm start`: the desktop app from this checkout. Installs and builds what is missing or stale first. What stands
// after `--` goes to the app.
import { ensureBuilt } from './setup/ensure-built.mjs';
import { ensureDisplay, resolveElectron, sandboxArguments } from './setup/electron.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { places } from './setup/places.mjs';
import { runAsOurselves } from './setup/run-child.mjs';
import { runScript } from './setup/say.mjs';
import { ensureSystemPackages, lackingForElectron } from './setup/system-packages.mjs';

await runScript(async () => {
  await ensureInstalled();
  ensureDisplay();
  const electron = await resolveElectron();
  ensureSystemPackages(() => lackingForElectron(electron), 'The window');
  const programs = ensureBuilt();
  // Editors built on Electron hand the first of these to their terminals; it would make a plain Node of the app.
  const { ELECTRON_RUN_AS_NODE: _asNode, ...env } = process.env;
  return runAsOurselves(electron, [...sandboxArguments(electron), '.', ...process.argv.slice(2)], {
    cwd: places.root,
    env: { ...env, OUTPOST_NODE: places.node24, OUTPOST_PROGRAMS: programs },
  });
});
