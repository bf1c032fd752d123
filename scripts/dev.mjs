// `npm run dev`: the desktop app while working on it. What changes in renderer/ appears at once; what changes in
// electron/ or resources/ is built and restarts window and service. Its data is in .cache/dev-data unless OUTPOST_DATA
// says otherwise, so that it never touches a real site.
import path from 'node:path';
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
  const { ELECTRON_RUN_AS_NODE: _asNode, ...env } = process.env;
  const session = path.join(places.root, 'scripts', 'dev', 'session.mjs');
  return runAsOurselves(
    places.node24,
    [session, electron, ...sandboxArguments(electron), '.', ...process.argv.slice(2)],
    {
      cwd: places.root,
      env: {
        ...env,
        OUTPOST_DATA: process.env.OUTPOST_DATA ?? path.join(places.setupCache, 'dev-data'),
        OUTPOST_NODE: places.node24,
        OUTPOST_PROGRAMS: ensureBuilt(),
      },
    },
  );
});
