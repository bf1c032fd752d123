import { Worker } from 'node:worker_threads';
import type { GatewayLogConfig } from '../../contract/site-schema.ts';
import type { PartitionDay } from '../row-id.ts';
import { workerFile } from '../worker-file.ts';
import type { CommittedWork, FromMaintenance, MaintenanceStart, ToMaintenance, WriterDuty } from './messages.ts';

/** Commits are told together, which is soon enough for work that waits half a second anyway. */
const TELL_MS = 100;
/** A slice under way ends long before. */
const STOP_MS = 5_000;
const RESTART_MS = 10_000;

/** The maintenance thread as the writer thread sees it. It is started again when it dies. */
export class MaintenanceThread {
  readonly #directory: string;
  #settings: GatewayLogConfig;
  readonly #perform: (duty: WriterDuty) => void;
  readonly #warn: (warning: string) => void;
  #worker: Worker;
  #committed = new Map<PartitionDay, CommittedWork>();
  #tellTimer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(
    directory: string,
    settings: GatewayLogConfig,
    perform: (duty: WriterDuty) => void,
    warn: (warning: string) => void,
  ) {
    this.#directory = directory;
    this.#settings = settings;
    this.#perform = perform;
    this.#warn = warn;
    this.#worker = this.#start();
  }

  noteCommit(day: PartitionDay, bytes: number, walPages: number): void {
    const known = this.#committed.get(day);
    this.#committed.set(day, {
      day,
      bytes: bytes + (known?.bytes ?? 0),
      walPages: walPages + (known?.walPages ?? 0),
    });
    this.#tellTimer ??= setTimeout(() => {
      this.#tellTimer = null;
      this.#post({ type: 'committed', work: [...this.#committed.values()] });
      this.#committed.clear();
    }, TELL_MS);
  }

  configure(settings: GatewayLogConfig): void {
    this.#settings = settings;
    this.#post({ type: 'configure', settings });
  }

  /** Ends the thread after the slice under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#tellTimer !== null) clearTimeout(this.#tellTimer);
    const worker = this.#worker;
    if (worker.threadId === -1) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#post({ type: 'stop' });
    const timer = setTimeout(() => void worker.terminate(), STOP_MS);
    await ended;
    clearTimeout(timer);
  }

  #start(): Worker {
    const workerData: MaintenanceStart = { role: 'maintenance', directory: this.#directory, settings: this.#settings };
    const worker = new Worker(workerFile('request-log-writer'), {
      workerData,
      name: 'request-log-maintenance',
      execArgv: [],
    });
    worker.on('message', (message: FromMaintenance) => {
      if (message.type === 'warning') return this.#warn(message.warning);
      this.#perform(message);
      this.#post({ type: 'done' });
    });
    worker.on('error', (error) => {
      const why = error instanceof Error ? error.message : String(error);
      this.#warn(`Maintenance of the request log ended unexpectedly (${why}) and is being started again.`);
    });
    worker.once('exit', () => {
      if (this.#isStopped) return;
      setTimeout(() => {
        if (!this.#isStopped) this.#worker = this.#start();
      }, RESTART_MS);
    });
    return worker;
  }

  #post(message: ToMaintenance): void {
    this.#worker.postMessage(message);
  }
}
