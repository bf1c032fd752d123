import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The log of one run: `<number>.log` as its process wrote it, `<number>.idx` with times, and, once the cap has cut it,
 * `<number>.cut`. Offsets count from the start of the run, including what was cut, so they never move.
 */
export interface RunLogFiles {
  readonly log: string;
  readonly index: string;
  readonly cut: string;
}

/** What the cap has done to a log. A reader that finds it changed after reading reads again. */
export interface LogCut {
  /** Bytes of the process' own output that are gone. */
  readonly droppedBytes: number;
  /** Offset, counted from the start of the run, of the first byte of the file. */
  readonly baseOffset: number;
  /** A cut is under way, so the file is in disorder for some milliseconds. */
  readonly isBeingCut: boolean;
}

/**
 * Bytes of an index entry, which says that the log had reached an offset by a time (UTC epoch milliseconds), each a
 * little-endian double.
 */
export const INDEX_ENTRY_BYTES = 16;

export function runLogFiles(directory: string, run: number): RunLogFiles {
  const base = path.join(directory, String(run).padStart(6, '0'));
  return { log: `${base}.log`, index: `${base}.idx`, cut: `${base}.cut` };
}

/** Numbers of the runs that have a log, ascending; empty when the folder does not exist. */
export function listLoggedRuns(directory: string): readonly number[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    // A process that never ran has no folder.
    return [];
  }
  return names
    .map((name) => Number(/^(\d{6,})\.log$/.exec(name)?.[1] ?? 0))
    .filter((run) => run > 0)
    .sort((a, b) => a - b);
}

export function readLogCut(files: RunLogFiles): LogCut {
  try {
    const cut = JSON.parse(readFileSync(files.cut, 'utf8')) as Partial<LogCut> & { pending?: unknown };
    const { droppedBytes = 0, baseOffset = 0, pending } = cut;
    return { droppedBytes, baseOffset, isBeingCut: pending !== undefined };
  } catch {
    // The usual case: never cut. The file is written atomically, so it is never half there.
    return { droppedBytes: 0, baseOffset: 0, isBeingCut: false };
  }
}
