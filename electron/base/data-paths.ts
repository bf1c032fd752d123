import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { writeFileAtomic } from './atomic-write.ts';

/** Absolute paths inside a data directory; scripts rely on the names that design documents list. */
export interface DataPaths {
  readonly root: string;
  readonly siteFile: string;
  readonly runtime: string;
  readonly routeTable: string;
  /** Ports picked once and kept. */
  readonly ports: string;
  readonly serviceFile: string;
  readonly runners: string;
  readonly logs: string;
  readonly requests: string;
  readonly database: string;
  readonly secrets: string;
  readonly token: string;
}

export function dataPaths(root: string): DataPaths {
  const absolute = path.resolve(root);
  const inside = (...parts: string[]) => path.join(absolute, ...parts);
  return {
    root: absolute,
    siteFile: inside('site.yaml'),
    runtime: inside('runtime'),
    routeTable: inside('runtime', 'routes.json'),
    ports: inside('runtime', 'ports.json'),
    serviceFile: inside('runtime', 'service.json'),
    runners: inside('runtime', 'runners'),
    logs: inside('logs'),
    requests: inside('requests'),
    database: inside('outpost.db'),
    secrets: inside('secrets.json'),
    token: inside('token'),
  };
}

/** Paths of one runner's state. */
export function runnerPaths(paths: DataPaths, name: string) {
  const directory = path.join(paths.runners, name);
  return { directory, spec: path.join(directory, 'spec.json'), state: path.join(directory, 'state.json') };
}

/** $OUTPOST_DATA, else the platform's folder for application data. */
export function defaultDataRoot(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env['OUTPOST_DATA']) return path.resolve(env['OUTPOST_DATA']);
  if (platform === 'win32')
    return path.join(env['LOCALAPPDATA'] ?? path.join(homedir(), 'AppData', 'Local'), 'Outpost');
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', 'Outpost');
  // The specification has an empty or relative one ignored.
  const dataHome = env['XDG_DATA_HOME'] ?? '';
  return path.join(path.isAbsolute(dataHome) ? dataHome : path.join(homedir(), '.local', 'share'), 'outpost');
}

/**
 * Address of a local socket of this data directory. Unix socket paths over about 107 bytes fail, so they live in a short
 * folder named by a hash of the data directory, made again when missing; on Windows it is a named pipe. The folder is
 * recorded in the data directory, because processes started from another session may have another environment.
 */
export function socketPath(root: string, name: string, env: NodeJS.ProcessEnv = process.env): string {
  const hash = createHash('sha256').update(path.resolve(root)).digest('hex').slice(0, 12);
  if (process.platform === 'win32') return `\\\\.\\pipe\\outpost-${hash}-${name}`;
  // A process name has up to 48 characters; hashing long ones keeps every path short.
  const short =
    name.length <= 24 ? name : `${name.slice(0, 12)}-${createHash('sha256').update(name).digest('hex').slice(0, 10)}`;
  return path.join(socketFolder(dataPaths(root), hash, env), `${short}.sock`);
}

/**
 * Removes the folder that holds the sockets of a data directory, for when everything has ended. One that still holds a
 * socket stays: whoever left it, or has just made it, uses or replaces it at the next start.
 */
export function removeSocketFolder(root: string): void {
  const record = path.join(dataPaths(root).runtime, 'sockets');
  try {
    rmdirSync(readFileSync(record, 'utf8'));
  } catch {
    // Never made, gone already or not empty; it is made again when it is needed.
  }
}

function socketFolder(paths: DataPaths, hash: string, env: NodeJS.ProcessEnv): string {
  const record = path.join(paths.runtime, 'sockets');
  const recorded = readRecord(record);
  if (recorded !== null && isOwnFolder(recorded)) return recorded;
  const runtimeDir = env['XDG_RUNTIME_DIR'];
  const candidates = [
    ...(runtimeDir && runtimeDir.length < 60 ? [path.join(runtimeDir, `outpost-${hash}`)] : []),
    path.join(tmpdir(), `outpost-${userInfo().uid}-${hash}`),
  ];
  // In a folder that everyone may write to, somebody else may have taken the name.
  const folder = candidates.find(isOwnFolder) ?? mkdtempSync(path.join(tmpdir(), 'outpost-'));
  // Without a data directory there is nobody to agree with.
  if (existsSync(paths.root)) writeRecord(record, folder);
  return folder;
}

function readRecord(record: string): string | null {
  try {
    return readFileSync(record, 'utf8');
  } catch {
    // None made yet, or out of file descriptors: the folder is found by its name then.
    return null;
  }
}

function writeRecord(record: string, folder: string): void {
  try {
    writeFileAtomic(record, folder, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    // A full disk must end nobody who only wants to know an address: others of this session come to the same folder.
  }
}

/** Makes a folder for its owner alone if it is missing; false when it cannot be made or is another user's. */
function isOwnFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    return found.isDirectory() && found.uid === userInfo().uid;
  } catch {
    // Gone with the session it belonged to, or not permitted: another one is taken.
    return false;
  }
}
