/** Evidence about the end of a process. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly statusKnown: boolean;
  readonly ranMs: number;
  readonly wasReady: boolean;
  /** Its last log lines, or null when it wrote none. */
  readonly logTail: string | null;
}

/** Why a process that nobody stopped has ended, in words an operator understands. */
export function describeEnd(end: ProcessEnd): string {
  const when = `after ${formatSpan(end.ranMs)}${end.wasReady ? '' : ', before it was ready'}`;
  return `${describeStatus(end, when)}${describeTail(end.logTail)}`;
}

const TAIL_WORDS = ' Its log ends with: ';

export function describeTail(logTail: string | null): string {
  return logTail === null ? ' It wrote nothing to its log.' : `${TAIL_WORDS}${logTail}`;
}

/** The same reason to go on in a sentence, without the log lines: "was killed (signal 9) after 12 s, …". */
export function asClause(reason: string): string {
  const [ending = reason] = reason.split(TAIL_WORDS);
  return `${ending.charAt(0).toLowerCase()}${ending.slice(1)}`;
}

/** A span as people say it: 800 ms, 12 s, 5 min, 3 h. */
export function formatSpan(spanMs: number): string {
  if (spanMs < 1000) return `${Math.max(0, Math.round(spanMs))} ms`;
  if (spanMs < 120_000) return `${Math.round(spanMs / 1000)} s`;
  if (spanMs < 7_200_000) return `${Math.round(spanMs / 60_000)} min`;
  return `${Math.round(spanMs / 3_600_000)} h`;
}

function describeStatus(end: ProcessEnd, when: string): string {
  if (!end.statusKnown) return `Ended ${when}, while no runner watched it, so its exit status is unknown.`;
  switch (end.signal) {
    case null:
      break;
    case 'SIGKILL':
      return `Was killed (signal 9) ${when}, by the kernel's out-of-memory killer or by hand.`;
    case 'SIGSEGV':
    case 'SIGBUS':
    case 'SIGILL':
    case 'SIGFPE':
      return `Crashed in its own code (${end.signal}) ${when}.`;
    case 'SIGABRT':
      return `Aborted itself (SIGABRT) ${when}.`;
    case 'SIGTERM':
    case 'SIGINT':
    case 'SIGHUP':
      return `Was told to end (${end.signal}) from outside Outpost ${when}.`;
    default:
      return `Was ended by ${end.signal} ${when}.`;
  }
  if (end.code === 0) return `Ended by itself without an error code ${when}.`;
  return `Exited with code ${end.code ?? 'unknown'} ${when}.`;
}
