import { Worker } from 'node:worker_threads';
import { fail, succeed } from '../contract/outpost-error.ts';
import type { Result } from '../contract/outpost-error.ts';
import { READ_DEADLINE_MS } from './reader-messages.ts';
import type { FromReader, ReaderCalls, ReaderStart, ToReader } from './reader-messages.ts';
import type { RequestLogReader } from './request-log.ts';
import { tooSlow } from './run-reader.ts';
import { workerFile } from './worker-file.ts';

/** A thread that has not answered this long after its own deadline is stuck inside the system and is replaced. */
const STUCK_MS = 2_000;

/**
 * Opens the log in `directory` for reading. The log, or parts of it, may be created, replaced or removed meanwhile; a
 * log that does not exist yet is empty.
 */
export async function openRequestLogReader(directory: string): Promise<Result<RequestLogReader>> {
  return succeed(new ThreadedReader({ directory }));
}

class ThreadedReader implements RequestLogReader {
  readonly #start: ReaderStart;
  #worker: Worker | null = null;
  #lastCall = 0;
  readonly #waiting = new Map<number, (result: Result<never>) => void>();
  #isClosed = false;

  constructor(start: ReaderStart) {
    this.#start = start;
  }

  list(query: ReaderCalls['list']['query']) {
    return this.#ask('list', query);
  }

  get(id: number) {
    return this.#ask('get', id);
  }

  facets(filter: ReaderCalls['facets']['query']) {
    return this.#ask('facets', filter);
  }

  histogram(query: ReaderCalls['histogram']['query']) {
    return this.#ask('histogram', query);
  }

  totals(filter: ReaderCalls['totals']['query']) {
    return this.#ask('totals', filter);
  }

  facetCounts(filter: ReaderCalls['facetCounts']['query']) {
    return this.#ask('facetCounts', filter);
  }

  highlights(query: ReaderCalls['highlights']['query']) {
    return this.#ask('highlights', query);
  }

  traffic(windowMs: number, nowMs: number) {
    return this.#ask('traffic', { windowMs, nowMs });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    if (worker === null) return;
    this.#worker = null;
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#send(worker, { name: 'close' });
    const timer = setTimeout(() => void worker.terminate(), STUCK_MS);
    await exited;
    clearTimeout(timer);
    this.#failAll('the reader was closed');
  }

  #ask<Name extends keyof ReaderCalls>(
    name: Name,
    query: ReaderCalls[Name]['query'],
  ): Promise<Result<ReaderCalls[Name]['answer']>> {
    if (this.#isClosed) return Promise.resolve(ended('the reader was closed'));
    const worker = (this.#worker ??= this.#startWorker());
    this.#lastCall += 1;
    const call = this.#lastCall;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(call);
        resolve(tooSlow());
        if (this.#worker === worker) this.#worker = null;
        void worker.terminate();
      }, READ_DEADLINE_MS + STUCK_MS);
      this.#waiting.set(call, (result) => {
        clearTimeout(timer);
        this.#waiting.delete(call);
        resolve(result);
      });
      // The three parts belong together by the type of this method, which a union does not show.
      this.#send(worker, { call, name, query } as ToReader);
    });
  }

  #send(worker: Worker, message: ToReader): void {
    worker.postMessage(message);
  }

  #startWorker(): Worker {
    const worker = new Worker(workerFile('request-log-reader'), {
      workerData: this.#start,
      name: 'request-log-reader',
      execArgv: [],
    });
    // Reading alone does not keep a process alive.
    worker.unref();
    let reason = 'its thread ended';
    worker.on('message', ({ call, result }: FromReader) => this.#waiting.get(call)?.(result as Result<never>));
    worker.on('error', (error) => (reason = error instanceof Error ? error.message : String(error)));
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = null;
      if (this.#worker === null) this.#failAll(reason);
    });
    return worker;
  }

  #failAll(reason: string): void {
    for (const settle of [...this.#waiting.values()]) settle(ended(reason));
  }
}

function ended(reason: string): Result<never> {
  return fail('REQUEST_LOG_UNUSABLE', `The request log could not be read: ${reason}.`, 'Try again.');
}
