import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { places } from '../setup/places.mjs';

/** Native modules that the programs load at run time, and the parts of them that are needed for that. */
const native = {
  'better-sqlite3': ['lib', `prebuilds/${process.platform}-${process.arch}.node`],
  '@lydell/node-pty': ['.'],
  [`@lydell/node-pty-${process.platform}-${process.arch}`]: ['.'],
};

/**
 * Lays out what electron-builder packs: `app` for Electron, which finds the programs beside itself, and `programs` with
 * everything that runs on plain Node, that Node included.
 */
export function stagePackage(buildDir) {
  const stage = path.join(places.setupCache, 'package');
  rmSync(stage, { recursive: true, force: true });
  stageApp(path.join(stage, 'app'), buildDir);
  stagePrograms(path.join(stage, 'programs'), buildDir);
}

function stageApp(dir, buildDir) {
  mkdirSync(dir, { recursive: true });
  for (const file of ['main.cjs', 'preload.cjs']) cpSync(path.join(buildDir, file), path.join(dir, file));
  const node = path.basename(places.node24);
  writeFileSync(
    path.join(dir, 'start.cjs'),
    [
      "const path = require('node:path');",
      "const programs = path.join(process.resourcesPath, 'programs');",
      'process.env.OUTPOST_PROGRAMS = programs;',
      `process.env.OUTPOST_NODE = path.join(programs, '${node}');`,
      "require('./main.cjs');",
      '',
    ].join('\n'),
  );
  const { name, version, description, license, author, homepage } = readJson(path.join(places.root, 'package.json'));
  const described = { name, version, description, license, author, homepage, main: 'start.cjs' };
  writeFileSync(path.join(dir, 'package.json'), JSON.stringify(described, null, 2));
}

function stagePrograms(dir, buildDir) {
  cpSync(buildDir, dir, {
    recursive: true,
    filter: (file) => !file.endsWith('.map') && !path.basename(file).startsWith('.'),
  });
  cpSync(places.node24, path.join(dir, path.basename(places.node24)));
  for (const [name, parts] of Object.entries(native)) {
    const from = path.join(places.nodeModules, name);
    const to = path.join(dir, 'node_modules', name);
    for (const part of ['package.json', ...parts]) {
      cpSync(path.join(from, part), path.join(to, part), { recursive: true });
    }
  }
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
