import type { MessagePort } from 'node:worker_threads';
import { outpostError } from '../contract/outpost-error.ts';
import { assertNever } from '../contract/assert-never.ts';
import { PartitionSet } from './partition-set.ts';
import { lockForWriting } from './writer-lock.ts';
import { Writer } from './writer.ts';
import type { FromWriter, ToWriter, WriterStart } from './writer-messages.ts';

/** How often a log that cannot be written is tried again. */
const RETRY_MS = 250;

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
  const writer = new Writer(partitions, start.settings, post, Date.now);

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
        return partitions.setDurability(message.settings.durability);
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
  const why = error instanceof Error ? error.message : String(error);
  return outpostError(
    'REQUEST_LOG_UNUSABLE',
    `The request log in ${directory} cannot be opened: ${why}.`,
    'Check that the disk is mounted, has space, and that this user may write to the folder; then start the gateway again.',
  );
}
