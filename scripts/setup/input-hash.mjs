import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** Everything a build is made from; what is not named here must not change what is built. */
const inputs = [
  'electron',
  'renderer',
  'resources',
  'scripts/build.mjs',
  'scripts/build',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vite.config.ts',
];

/** Hash over names and contents of all build inputs: 16 hexadecimal digits, the name of the build's folder. */
export function hashInputs(root) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of filesBelow(path.join(root, input))) {
      const content = readFileSync(file);
      hash.update(`${path.relative(root, file).replaceAll('\\', '/')}\0${content.length}\0`);
      hash.update(content);
    }
  }
  return hash.digest('hex').slice(0, 16);
}

function filesBelow(file) {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [file];
  return readdirSync(file)
    .sort()
    .flatMap((name) => filesBelow(path.join(file, name)));
}
