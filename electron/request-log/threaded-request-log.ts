import { fail, succeed } from '../contract/outpost-error.ts';
import type { Result } from '../contract/outpost-error.ts';
import type { ClosedRequest, OpenedRequest, RequestBodies } from '../contract/request-row.ts';
import type { GatewayLogConfig } from '../contract/site-schema.ts';
import { allotId } from './id-allotter.ts';
import type { LastAllotted } from './id-allotter.ts';
import { OutgoingRows } from './outgoing-rows.ts';
import type { SentBatch } from './outgoing-rows.ts';
import type { RequestLog, RequestLogOptions, RequestLogStatus } from './request-log.ts';
import { bodyNotes, closedValues, openedValues } from './row-columns.ts';
import { dayOfRow, rowId } from './row-id.ts';
import { startWriterThread } from './writer-thread.ts';
import type { WriterThread } from './writer-thread.ts';
import type { FromWriter } from './writer-messages.ts';

/**
 * A request that ends sooner than this costs one insert and no update. A crash within it leaves no trace of a request
 * that nobody saw complete.
 */
const OPEN_DELAY_MS = 20;
const NOTIFY_MS = 200;
/** Batches on their way to the writer: one being written and one waiting keep it busy, further rows gather here. */
const BATCHES_UNDER_WAY = 2;
/** In relaxed mode closing waits only when this much has not reached the disk, so that memory stays bounded. */
const RELAXED_BYTES = 64 * 2 ** 20;
const RESTART_MS = 1_000;
const SHUTDOWN_MS = 10_000;
const MAX_WARNINGS = 20;

/** The request log as the gateway's main thread sees it. */
export class ThreadedRequestLog implements RequestLog {
  readonly #options: RequestLogOptions;
  #settings: GatewayLogConfig;
  #thread: WriterThread | null = null;
  #last: LastAllotted = { day: 0, number: 0 };
  readonly #running = new Map<number, OpenedRequest>();
  readonly #outgoing = new OutgoingRows();
  readonly #underWay = new Map<number, SentBatch>();
  #bytesUnderWay = 0;
  #flushIsDue = false;
  #openTimer: NodeJS.Timeout | null = null;
  #error: string | null = null;
  readonly #warnings: string[] = [];
  readonly #listeners = new Set<(newestId: number) => void>();
  #newestCommitted = 0;
  #notifyTimer: NodeJS.Timeout | null = null;
  #ended: (() => void) | null = null;
  #isShutDown = false;

  constructor(options: RequestLogOptions) {
    this.#options = options;
    this.#settings = options.settings;
  }

  async start(): Promise<Result<void>> {
    const started = await startWriterThread(
      { role: 'writer', directory: this.#options.directory, settings: this.#settings },
      (message) => this.#receive(message),
      (reason) => this.#onThreadDeath(reason),
    );
    if (!started.ok) return started;
    this.#thread = started.value;
    const { last, warnings } = started.value.ready;
    // A restarted thread finds what is on disk; ids given out since then count as well.
    if (rowId(last.day, last.number) > rowId(this.#last.day, this.#last.number)) this.#last = last;
    warnings.forEach((warning) => this.#warn(warning));
    this.#error = null;
    return succeed(undefined);
  }

  open(row: Omit<OpenedRequest, 'id'>): number {
    const { last, id } = allotId(this.#last, row.timeMs);
    this.#last = last;
    const opened = { ...row, id };
    this.#running.set(id, opened);
    this.#outgoing.addOpen(id, { day: last.day, values: openedValues(opened), frameBytes: 0 });
    this.#openTimer ??= setTimeout(() => {
      this.#openTimer = null;
      this.#outgoing.releaseOpens();
      this.#flush();
    }, OPEN_DELAY_MS);
    return id;
  }

  close(row: ClosedRequest, bodies: RequestBodies): Promise<Result<void>> {
    const opened = this.#running.get(row.id);
    if (opened === undefined)
      throw new Error(`Row ${row.id} is closed but not open: it was closed twice or never opened.`);
    this.#running.delete(row.id);
    if (this.#thread === null) return Promise.resolve(this.#failure());
    const withBodies = this.#settings.bodies === 'full';
    const note = withBodies ? bodyNotes.none : bodyNotes.loggingOff;
    const written = this.#outgoing.addClose(
      row.id,
      dayOfRow(row.id),
      closedValues(opened, row, note),
      withBodies ? bodies : null,
    );
    this.#flushSoon();
    const outcome = written.then((isWritten) => (isWritten ? succeed(undefined) : this.#failure()));
    const isRelaxed = this.#settings.durability === 'relaxed';
    return isRelaxed && this.#bytesUnderWay < RELAXED_BYTES ? Promise.resolve(succeed(undefined)) : outcome;
  }

  configure(settings: GatewayLogConfig): void {
    // Rows closed until now are sent first, under the settings they were closed with.
    this.#flush(Infinity);
    this.#settings = settings;
    this.#thread?.send({ type: 'configure', settings }, []);
  }

  status(): RequestLogStatus {
    const sent = [...this.#underWay.values()].reduce((sum, { rows }) => sum + rows, 0);
    return { lagRows: sent + this.#outgoing.rows, error: this.#error, warnings: [...this.#warnings] };
  }

  onCommitted(listener: (newestId: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async shutdown(): Promise<void> {
    this.#isShutDown = true;
    if (this.#openTimer !== null) clearTimeout(this.#openTimer);
    if (this.#notifyTimer !== null) clearTimeout(this.#notifyTimer);
    const thread = this.#thread;
    if (thread === null) return;
    this.#outgoing.releaseOpens();
    this.#flush(Infinity);
    let timer: NodeJS.Timeout | undefined;
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
      timer = setTimeout(resolve, SHUTDOWN_MS);
    });
    thread.send({ type: 'shutdown' }, []);
    await ended;
    clearTimeout(timer);
    this.#thread = null;
    await thread.terminate();
    this.#failUnderWay();
  }

  /** One message for each turn of the event loop: after the sockets that are readable in it have been served. */
  #flushSoon(): void {
    if (this.#flushIsDue) return;
    this.#flushIsDue = true;
    setImmediate(() => {
      this.#flushIsDue = false;
      this.#flush();
    });
  }

  #flush(mostUnderWay = BATCHES_UNDER_WAY): void {
    if (this.#thread === null || this.#underWay.size >= mostUnderWay) return;
    const batch = this.#outgoing.take();
    if (batch === null) return;
    this.#underWay.set(batch.message.batch, batch);
    this.#bytesUnderWay += batch.bytes;
    this.#thread.send(batch.message, batch.message.memory === null ? [] : [batch.message.memory]);
  }

  #receive(message: FromWriter): void {
    switch (message.type) {
      case 'written': {
        const batch = this.#underWay.get(message.batch);
        if (batch === undefined) return;
        this.#underWay.delete(message.batch);
        this.#bytesUnderWay -= batch.bytes;
        if (message.memory !== null) this.#outgoing.giveBack(message.memory);
        const failed = new Set(message.failed);
        batch.settle.forEach((settle, index) => settle?.(!failed.has(index)));
        this.#noteCommitted(batch.newestId);
        return this.#flush();
      }
      case 'trouble':
        this.#error = message.error;
        if (message.lostRows > 0) this.#recordLost(message.lostRows);
        return;
      case 'warning':
        return this.#warn(message.warning);
      case 'ended':
        return this.#ended?.();
      case 'ready':
      case 'refused':
        return;
    }
  }

  #noteCommitted(id: number): void {
    this.#newestCommitted = Math.max(this.#newestCommitted, id);
    if (this.#listeners.size === 0 || this.#notifyTimer !== null || this.#isShutDown) return;
    this.#notifyTimer = setTimeout(() => {
      this.#notifyTimer = null;
      for (const listener of this.#listeners) listener(this.#newestCommitted);
    }, NOTIFY_MS);
  }

  /** One row stands for all that had to be given up while the log could not be written. */
  #recordLost(rows: number): void {
    const id = this.open({
      timeMs: Date.now(),
      requestId: 'outpost-request-log',
      method: '',
      route: '',
      clientAddress: null,
      key: null,
      feature: null,
      modelAsked: null,
      stream: false,
    });
    const error = `${rows} requests could not be recorded one by one while the request log could not be written.`;
    void this.close({ ...lostRow, id, error, count: rows }, noBodies);
  }

  #warn(warning: string): void {
    this.#warnings.push(warning);
    if (this.#warnings.length > MAX_WARNINGS) this.#warnings.shift();
  }

  #failure(): Result<never> {
    return fail(
      'GATEWAY_RECORD_FAILED',
      `The request could not be recorded: ${this.#error ?? 'the request log is closed'}.`,
      'Free space on the disk of the data directory and check that it can be written; recording goes on by itself.',
    );
  }

  #failUnderWay(): void {
    for (const batch of this.#underWay.values()) batch.settle.forEach((settle) => settle?.(false));
    this.#underWay.clear();
    this.#bytesUnderWay = 0;
    this.#outgoing.failAll();
  }

  #onThreadDeath(reason: string): void {
    this.#thread = null;
    if (this.#isShutDown) return this.#ended?.();
    this.#error = `the writer of the request log ended unexpectedly (${reason}) and is being started again`;
    this.#failUnderWay();
    setTimeout(() => void this.#restart(), RESTART_MS).unref();
  }

  async #restart(): Promise<void> {
    if (this.#isShutDown) return;
    const started = await this.start();
    if (started.ok) return;
    this.#error = started.error.message;
    setTimeout(() => void this.#restart(), RESTART_MS).unref();
  }
}

const lostRow = {
  state: 'error',
  httpStatus: null,
  modelServed: null,
  servedBy: null,
  promptTokens: null,
  completionTokens: null,
  cachedTokens: null,
  ttftMs: null,
  durationMs: 0,
  queueMs: null,
  finishReason: null,
  retries: 0,
  errorCode: 'GATEWAY_RECORD_FAILED',
} as const;

const noBodies: RequestBodies = {
  requestBody: null,
  responseBody: null,
  requestHeaders: {},
  responseHeaders: {},
  chunkTimesMs: null,
  promptText: null,
  answerText: null,
};
