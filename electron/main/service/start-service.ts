import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { DataPaths } from '../../base/data-paths.ts';
import { programPath, programsDir } from '../../base/program-files.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import { cleanStartArguments } from './clean-start.ts';

export interface StartedService {
  /** Null while it runs; else how it ended, in words, with the end of its log. */
  ended(): string | null;
}

const LOGS_KEPT = 5;
const LINES_SHOWN = 6;
const LINE_LENGTH_SHOWN = 300;

/**
 * Starts the service so that it outlives the app: in a session of its own, its output in logs/service/service.log. It is
 * not ready yet when this returns.
 */
export function startService(paths: DataPaths, { demo }: { readonly demo: boolean }): Result<StartedService> {
  const logFile = path.join(paths.logs, 'service', 'service.log');
  let log: number | null = null;
  try {
    mkdirSync(path.dirname(logFile), { recursive: true, mode: 0o700 });
    rotate(logFile);
    log = openSync(logFile, 'a', 0o600);
    const args = [programPath('service'), '--data', paths.root, ...(demo ? ['--demo'] : [])];
    const child = spawn(nodeForPrograms(), cleanStartArguments(args), {
      cwd: paths.root,
      detached: true,
      env: serviceEnvironment(process.env),
      // Its line on stdout holds the token, which belongs into no log.
      stdio: ['ignore', 'ignore', log],
    });
    let ended: string | null = null;
    child.once('error', (error) => {
      ended = `It cannot be started: ${error.message}.`;
    });
    child.once('exit', (code, signal) => {
      const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      ended = `It ended ${how}.${logTail(logFile)}`;
    });
    child.unref();
    return succeed({ ended: () => ended });
  } catch (error) {
    return fail(
      'PROCESS_START_FAILED',
      `The service cannot be started: ${(error as Error).message}`,
      'Check that the data directory can be written to and that the installation is complete.',
    );
  } finally {
    // The service has its own by now.
    if (log !== null) closeSync(log);
  }
}

/** OUTPOST_NODE, else the Node that an installation has beside its programs. Throws when there is neither. */
function nodeForPrograms(): string {
  const given = process.env['OUTPOST_NODE'];
  if (given) return given;
  const shipped = path.join(programsDir(), process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(shipped)) return shipped;
  throw new Error(`There is no Node in ${programsDir()}, and OUTPOST_NODE names none.`);
}

/** What Electron sets for itself would change programs that the service starts. */
export function serviceEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const electronOnly = /^(ELECTRON_|CHROME_|ORIGINAL_XDG_CURRENT_DESKTOP$|GDK_BACKEND$|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !electronOnly.test(name)));
}

/** service.log becomes service.1.log, that one service.2.log and so on; the oldest goes. */
function rotate(file: string): void {
  const numbered = (number: number) => (number === 0 ? file : file.replace(/\.log$/, `.${number}.log`));
  for (let number = LOGS_KEPT - 2; number >= 0; number--) {
    if (existsSync(numbered(number))) renameSync(numbered(number), numbered(number + 1));
  }
}

function logTail(file: string): string {
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LINES_SHOWN);
    const shown = lines.map((line) => readableLine(line).slice(0, LINE_LENGTH_SHOWN)).join('\n');
    return shown.trim() === '' ? ` Its log ${file} is empty.` : ` Its log ${file} ends with:\n${shown}`;
  } catch (error) {
    return ` Its log ${file} cannot be read: ${(error as Error).message}.`;
  }
}

/** The words of a line of the service's log, which is JSON; other lines, such as Node's own, as they are. */
export function readableLine(line: string): string {
  try {
    const { msg } = JSON.parse(line) as { msg?: unknown };
    return typeof msg === 'string' ? msg : line;
  } catch {
    // Not one of the service's own lines.
    return line;
  }
}
