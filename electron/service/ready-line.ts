import { fstatSync } from 'node:fs';
import type { ReadyLine } from '../contract/service-location.ts';

/** Prints the one line that says where the service is. */
export function printReadyLine(line: Omit<ReadyLine, 'event' | 'pid'>): void {
  const shown: ReadyLine = {
    event: 'ready',
    pid: process.pid,
    control: line.control,
    token: isJournal(process.env['JOURNAL_STREAM']) ? null : line.token,
    gateway: line.gateway,
    data: line.data,
  };
  process.stdout.write(`${JSON.stringify(shown)}\n`);
}

/**
 * Whether stdout goes to systemd's journal, where others could read the token. The variable alone says little: every
 * program of a desktop session inherits it. It names device and inode of the journal's stream.
 */
export function isJournal(journalStream: string | undefined): boolean {
  if (!journalStream) return false;
  try {
    const { dev, ino } = fstatSync(1, { bigint: true });
    return journalStream === `${dev}:${ino}`;
  } catch {
    // No stdout, so nothing is shown to anybody.
    return false;
  }
}
