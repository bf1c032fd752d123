// `npm run dist [-- --dir]`: packages of the desktop app for this platform, in release/. Arguments go to electron-builder:
// `--dir` makes only the folder, without an installer. Run it to hand Outpost to a machine without this checkout.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { stagePackage } from './packaging/stage-package.mjs';
import { ensureBuilt } from './setup/ensure-built.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { places } from './setup/places.mjs';
import { runAsOurselves } from './setup/run-child.mjs';
import { SetupError, runScript } from './setup/say.mjs';

const ownFlag = process.platform === 'win32' ? '--win' : '--linux';

await runScript(async () => {
  const args = process.argv.slice(2);
  const foreign = ['--win', '--linux', '--mac', '-w', '-l', '-m'].filter(
    (flag) => args.includes(flag) && flag !== ownFlag,
  );
  if (foreign.length > 0) {
    throw new SetupError(
      `${foreign.join(' ')}: packages are made on the platform they are for; this one is ${ownFlag}.`,
    );
  }
  await ensureInstalled();
  stagePackage(ensureBuilt());
  return runAsOurselves(
    places.node24,
    [path.join(places.nodeModules, 'electron-builder', 'cli.js'), ...args, ...givenElectron()],
    { cwd: places.root },
  );
});

/** electron-builder's settings for an Electron that is not downloaded. */
function givenElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override === undefined || override === '') return [];
  // A folder prepared for running may have an app of its own inside, which would hide ours.
  const clean = [path.join(override, '..', 'dist'), override].find(
    (dir) => existsSync(path.join(dir, 'electron')) && !existsSync(path.join(dir, 'resources', 'app')),
  );
  if (clean === undefined) throw new SetupError(`${override} holds an app already, so it cannot be packed.`);
  const version = readFileSync(path.join(override, 'version'), 'utf8').trim();
  return [`-c.electronDist=${path.resolve(clean)}`, `-c.electronVersion=${version}`];
}
