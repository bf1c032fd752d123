import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const TAIL_BYTES = 8192;
const MAX_LINES = 5;
const MAX_CHARACTERS = 800;

/**
 * The last lines of a log in one line of text, without escape sequences and with progress bars as a terminal would leave
 * them; null when there are none.
 */
export function readLogTail(file: string): string | null {
  let text: string;
  try {
    text = readEnd(file);
  } catch {
    // No log, no last words: the reason is then told without them.
    return null;
  }
  const lines = text
    .split('\n')
    .map(asPlainLine)
    .filter((line) => line !== '')
    .slice(-MAX_LINES);
  if (lines.length === 0) return null;
  const joined = lines.join(' ⏎ ');
  return joined.length > MAX_CHARACTERS ? `…${joined.slice(-MAX_CHARACTERS)}` : joined;
}

function readEnd(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const count = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.subarray(0, count).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

// Colours, cursor movements, window titles, and control characters other than the carriage return handled below.
const escapes =
  // eslint-disable-next-line no-control-regex
  /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b\[[0-?]*[ -/]*[@-~]|\u001b.|[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f]/g;

function asPlainLine(line: string): string {
  const parts = line.replaceAll(escapes, '').trimEnd().split('\r');
  return (parts.at(-1) ?? '').trim();
}
