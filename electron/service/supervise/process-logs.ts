import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataPaths } from '../../base/data-paths.ts';
import { listLoggedRuns, runLogFiles } from '../../base/run-log-files.ts';
import type { LogChunk, LogMatch } from '../../contract/control-api.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import type { RawChunk } from './log-file.ts';
import { logEndOffset, readForward, readLastLines } from './log-file.ts';
import type { ProcessLogs } from './supervision.ts';

/** One answer is never larger, whatever the log is. */
const CHUNK_BYTES = 2 * 1024 * 1024;
const SEARCH_BLOCK_BYTES = 1024 * 1024;
const LONGEST_MATCH_CHARACTERS = 2000;
const BUSY_POLL_MS = 150;
const IDLE_POLL_MS = 500;

export function createProcessLogs(dataRoot: string): ProcessLogs {
  const { logs } = dataPaths(dataRoot);
  const folderOf = (name: string) => path.join(logs, name);

  function pickRun(name: string, run: number | null): Result<number> {
    const runs = listLoggedRuns(folderOf(name));
    const newest = runs.at(-1);
    if (newest === undefined) {
      return fail('NOT_FOUND', `${name} has no log: it has not been started here.`, `Start it: outpost start ${name}.`);
    }
    if (run === null || runs.includes(run)) return succeed(run ?? newest);
    return fail(
      'NOT_FOUND',
      `${name} has no log of run ${run}. There are logs of runs ${runs[0]} to ${newest}.`,
      'Choose one of these.',
    );
  }

  return {
    async read({ name, run, fromOffset, lines }) {
      const picked = pickRun(name, run);
      if (!picked.ok) return picked;
      const files = runLogFiles(folderOf(name), picked.value);
      const chunk =
        fromOffset === null
          ? await readLastLines(files, picked.value, lines, CHUNK_BYTES)
          : await readForward(files, picked.value, fromOffset, CHUNK_BYTES, true);
      return chunk
        ? succeed(decode(chunk))
        : fail('NOT_FOUND', `The log of run ${picked.value} of ${name} was just removed.`);
    },

    async search({ name, run, text, limit }) {
      const picked = pickRun(name, run);
      if (!picked.ok) return picked;
      const files = runLogFiles(folderOf(name), picked.value);
      const matches: LogMatch[] = [];
      let offset = 0;
      while (matches.length < limit) {
        const chunk = await readForward(files, picked.value, offset, SEARCH_BLOCK_BYTES, true);
        if (!chunk || chunk.bytes.length === 0) break;
        matches.push(...matchesIn(chunk, text.toLowerCase(), limit - matches.length));
        offset = chunk.toOffset;
      }
      return succeed(matches);
    },

    follow({ name, run, fromOffset }, emit, signal) {
      void followLog(folderOf(name), run, fromOffset, emit, signal);
    },
  };
}

/**
 * Emits whole lines as they come. When a newer run exists and nothing is left of this one, it goes on with that from its
 * beginning. Ends with the signal only.
 */
async function followLog(
  folder: string,
  firstRun: number | null,
  fromOffset: number,
  emit: (chunk: LogChunk) => void,
  signal: AbortSignal,
): Promise<void> {
  let run = firstRun ?? listLoggedRuns(folder).at(-1) ?? null;
  let offset = fromOffset;
  while (!signal.aborted) {
    run ??= listLoggedRuns(folder)[0] ?? null;
    let isBusy = false;
    if (run !== null) {
      const files = runLogFiles(folder, run);
      const end = await logEndOffset(files);
      const newer = nextRun(folder, run);
      if (end !== null && end > offset) {
        // An unfinished line is shown once nothing can finish it any more.
        const chunk = await readForward(files, run, offset, CHUNK_BYTES, newer !== null).catch(unreadable);
        if (signal.aborted) return;
        if (chunk && chunk.bytes.length > 0) {
          emit(decode(chunk));
          offset = chunk.toOffset;
          isBusy = true;
        }
      } else if (newer !== null) {
        run = newer;
        offset = 0;
        isBusy = true;
      }
    }
    // The signal ends the wait, which is all that a rejection means here.
    await sleep(isBusy ? BUSY_POLL_MS : IDLE_POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** What cannot be read now, as without a free file descriptor, may be readable at the next look. */
function unreadable(error: NodeJS.ErrnoException): null {
  if (error.code === undefined) throw error;
  return null;
}

function nextRun(folder: string, run: number): number | null {
  return listLoggedRuns(folder).find((other) => other > run) ?? null;
}

/** Works on bytes, so that text which is not valid UTF-8 does not move the offsets behind it. */
function matchesIn(chunk: RawChunk, lowerText: string, limit: number): LogMatch[] {
  const matches: LogMatch[] = [];
  let start = 0;
  while (start < chunk.bytes.length && matches.length < limit) {
    const newline = chunk.bytes.indexOf(0x0a, start);
    const end = newline < 0 ? chunk.bytes.length : newline;
    const line = chunk.bytes.toString('utf8', start, end);
    if (line.toLowerCase().includes(lowerText)) {
      matches.push({ offset: chunk.fromOffset + start, line: line.slice(0, LONGEST_MATCH_CHARACTERS) });
    }
    start = end + 1;
  }
  return matches;
}

function decode({ bytes, ...place }: RawChunk): LogChunk {
  return { ...place, text: bytes.toString('utf8') };
}
