import pino from 'pino';

/** What waits while nothing can be written; beyond it lines are dropped. */
const WAITING_BYTES = 256 * 1024;

/**
 * Where a program's own log goes, 1 for stdout or 2 for stderr, written at once. A log that cannot be written, such as
 * one on a full disk or one whose reader has gone, never ends the program: lines wait, and are lost when they are many.
 */
export function openLogOutput(descriptor: 1 | 2): pino.DestinationStream {
  const output = pino.destination({ dest: descriptor, sync: true, maxLength: WAITING_BYTES });
  output.on('error', () => undefined);
  return output;
}
