import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { outpostError } from '../contract/outpost-error.ts';
import type { OutpostError, Result } from '../contract/outpost-error.ts';
import { workerFile } from './worker-file.ts';
import type { FromWriter, ToWriter, WriterStart } from './writer-messages.ts';

type Ready = Extract<FromWriter, { type: 'ready' }>;

/** A started writer thread. */
export interface WriterThread {
  readonly ready: Ready;
  send(message: ToWriter, transfer: readonly ArrayBuffer[]): void;
  /** Ends the thread at once, whatever it does. */
  terminate(): Promise<void>;
}

/**
 * Starts the writer thread and waits until it has opened the log. `onMessage` gets what it says later; `onDeath` is
 * called once when it ends without having been terminated, with the reason.
 */
export async function startWriterThread(
  start: WriterStart,
  onMessage: (message: FromWriter) => void,
  onDeath: (reason: string) => void,
): Promise<Result<WriterThread>> {
  const worker = new Worker(workerFile('request-log-writer'), {
    workerData: start,
    name: 'request-log-writer',
    execArgv: [],
  });
  let isTerminated = false;
  let reason = 'it ended by itself';
  worker.on('error', (error) => (reason = error instanceof Error ? error.message : String(error)));
  const first = await Promise.race([
    once(worker, 'message').then(([message]) => message as FromWriter),
    new Promise<OutpostError>((resolve) => worker.once('exit', () => resolve(startFailed(reason)))),
  ]).catch((error: unknown) => startFailed(error instanceof Error ? error.message : String(error)));

  if (!('type' in first)) return { ok: false, error: first };
  if (first.type === 'refused') {
    await worker.terminate();
    return { ok: false, error: first.error };
  }
  if (first.type !== 'ready') throw new Error(`The writer thread began with ${first.type}.`);
  worker.on('message', onMessage);
  worker.once('exit', () => {
    if (!isTerminated) onDeath(reason);
  });
  return {
    ok: true,
    value: {
      ready: first,
      send: (message, transfer) => worker.postMessage(message, transfer),
      async terminate() {
        isTerminated = true;
        await worker.terminate();
      },
    },
  };
}

function startFailed(reason: string): OutpostError {
  return outpostError(
    'REQUEST_LOG_UNUSABLE',
    `The writer of the request log could not be started: ${reason}.`,
    'Start the gateway again; if it fails again, the installation is incomplete.',
  );
}
