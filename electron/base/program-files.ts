import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The programs that are bundled on their own, each as `<name>.mjs` in the programs folder. */
export type ProgramName =
  'cli' | 'service' | 'runner' | 'gateway' | 'simulator' | 'request-log-writer' | 'request-log-reader';

/**
 * Absolute path of a program's bundle, to be run with `nodePath()` or as a worker thread.
 * Throws when it is missing, since every installation carries all of them.
 */
export function programPath(name: ProgramName): string {
  const file = path.join(programsDir(), `${name}.mjs`);
  if (!existsSync(file)) {
    throw new Error(`The program ${name} is missing from ${programsDir()}: the installation or build is incomplete.`);
  }
  return file;
}

/**
 * Absolute path of the Node (24 or later) that runs the programs: `OUTPOST_NODE`, else the Node this process runs on.
 * Throws inside Electron and on an older Node without `OUTPOST_NODE`, where no such Node is known.
 */
export function nodePath(): string {
  const given = process.env.OUTPOST_NODE;
  if (given !== undefined && given !== '') return given;
  const major = Number(process.versions.node.split('.')[0]);
  if (process.versions.electron === undefined && major >= 24) return process.execPath;
  throw new Error('The path of Node 24 is unknown here: set OUTPOST_NODE to it.');
}

/**
 * Folder that holds all bundles: `OUTPOST_PROGRAMS`, else the folder of the bundle that contains this module. Each
 * bundle is a single file, so that is true in a main program, in a worker thread and in Electron alike.
 */
export function programsDir(): string {
  const given = process.env.OUTPOST_PROGRAMS;
  if (given !== undefined && given !== '') return given;
  const ownFile = fileURLToPath(import.meta.url);
  if (ownFile.endsWith('program-files.ts')) {
    throw new Error('This runs from source: set OUTPOST_PROGRAMS to the folder of the built programs.');
  }
  return path.dirname(ownFile);
}

/** Folder of the built renderer, with its `index.html`. */
export function rendererDir(): string {
  return path.join(programsDir(), 'renderer');
}

/** Folder of the files that are shipped as they are (GitLab feature lists, icons, the site file's JSON Schema). */
export function resourcesDir(): string {
  return path.join(programsDir(), 'resources');
}

/** Version of this Outpost, such as `0.1.0`. */
export function productVersion(): string {
  const described: unknown = JSON.parse(readFileSync(path.join(programsDir(), 'package.json'), 'utf8'));
  if (typeof described === 'object' && described !== null && 'version' in described) return String(described.version);
  throw new Error(`${programsDir()}/package.json names no version: the installation or build is incomplete.`);
}
