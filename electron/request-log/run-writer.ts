import type { MessagePort } from 'node:worker_threads';
import { outpostError } from '../contract/outpost-error.ts';
import { assertNever } from '../contract/assert-never.ts';
import { MaintenanceThread } from './background/maintenance-thread.ts';
import type { WriterDuty } from './background/messages.ts';
import { PartitionSet } from './partition-set.ts';
import { lockForWriting } from './writer-lock.ts';
import { Writer } from './writer.ts';
import type { FromWriter, ToWriter, WriterStart } from './writer-messages.ts';

/** How often a log that cannot be written is tried again. */
const RETRY_MS = 250;
/** Pages that a commit writes to the write-ahead log whatever it holds: one or two for each index and table. */
const PAGES_PER_COMMIT = 8;

/** Runs the writer thread until it is told to shut down. */
export function runWriter(port: MessagePort, start: WriterStart): void {
  const post = (message: FromWriter, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  const warnings: string[] = [];
  let isReady = false;
  const warn = (warning: string): void => {
    if (isReady) post({ type: 'warning', warning });
    else warnings.push(warning);
  };

  let release: (() => void) | null;
  let partitions: PartitionSet;
  let last;
  try {
    release = lockForWriting(start.directory);
    if (release === null) {
      post({ type: 'refused', error: inUse(start.directory) });
      return port.close();
    }
    partitions = new PartitionSet(start.directory, start.settings.durability, warn);
    last = partitions.lastAllotted(Date.now());
  } catch (error) {
    post({ type: 'refused', error: unusable(start.directory, error) });
    return port.close();
  }
  // Only the writer touches folders and the files of frames; the maintenance thread asks for what it needs.
  const perform = (duty: WriterDuty): void => {
    try {
      switch (duty.type) {
        case 'seal':
          return partitions.get(duty.day, Date.now()).sealFrames();
        case 'recover':
          return void partitions.get(duty.day, Date.now());
        case 'remove':
          return partitions.remove(duty.day);
        case 'set-aside':
          return partitions.setAside(duty.day, Date.now(), duty.reason);
        default:
          return assertNever(duty, 'duty of the writer');
      }
    } catch (error) {
      warn(`The request log of ${duty.day} could not be changed (${duty.type}): ${describe(error)}.`);
    }
  };
  const maintenance = new MaintenanceThread(start.directory, start.settings, perform, warn);
  const writer = new Writer(partitions, start.settings, post, Date.now, (day, rows, bytes) =>
    maintenance.noteCommit(day, bytes, PAGES_PER_COMMIT + rows),
  );

  let commitIsDue = false;
  // After every message that has arrived: what waits is one commit, and the next begins as soon as this one is done.
  const commitSoon = (): void => {
    if (commitIsDue) return;
    commitIsDue = true;
    setImmediate(() => {
      commitIsDue = false;
      writer.commit();
      if (writer.hasRetries) retrySoon();
    });
  };
  let retryTimer: NodeJS.Timeout | null = null;
  const retrySoon = (): void => {
    retryTimer ??= setTimeout(() => {
      retryTimer = null;
      while (writer.retry() && writer.hasRetries && writer.isIdle);
      if (writer.hasRetries) retrySoon();
    }, RETRY_MS);
  };

  const shutDown = async (): Promise<void> => {
    writer.commit();
    if (writer.hasRetries) writer.retry();
    if (retryTimer !== null) clearTimeout(retryTimer);
    await maintenance.stop();
    partitions.closeAll();
    release?.();
    post({ type: 'ended' });
    port.close();
  };

  port.on('message', (message: ToWriter) => {
    switch (message.type) {
      case 'batch':
        writer.add(message);
        return commitSoon();
      case 'configure':
        writer.configure(message.settings);
        partitions.setDurability(message.settings.durability);
        return maintenance.configure(message.settings);
      case 'shutdown':
        return void shutDown();
      default:
        return assertNever(message, 'message to the writer');
    }
  });
  isReady = true;
  post({ type: 'ready', last, warnings });
}

function inUse(directory: string) {
  return outpostError(
    'REQUEST_LOG_IN_USE',
    `Another gateway is writing the request log in ${directory}.`,
    'Stop the other gateway, or use another data directory.',
  );
}

function unusable(directory: string, error: unknown) {
  return outpostError(
    'REQUEST_LOG_UNUSABLE',
    `The request log in ${directory} cannot be opened: ${describe(error)}.`,
    'Check that the disk is mounted, has space, and that this user may write to the folder; then start the gateway again.',
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
