import { setImmediate as nextTurn } from 'node:timers/promises';
import path from 'node:path';
import { assertNever } from '../../contract/assert-never.ts';
import type { GatewayLogConfig } from '../../contract/site-schema.ts';
import { bodyFileKinds, bodyFileStates } from '../body-file-kinds.ts';
import { isDamage } from '../damage.ts';
import { partitionDays } from '../partition-set.ts';
import type { PartitionDay } from '../row-id.ts';
import { compressBodies } from './compress-bodies.ts';
import { findBlockToKeep, keepColumns } from './keep-columns.ts';
import { indexText, unindexedBytes } from './index-text.ts';
import { MaintainedPartition } from './maintained-partition.ts';
import type { CommittedWork, WriterDuty } from './messages.ts';
import { INDEX_DELAY_MS, nextTask } from './next-task.ts';
import type { PartitionWork, Task } from './next-task.ts';
import type { Pause } from './pause.ts';
import { retain } from './retain.ts';

const RETAIN_EVERY_MS = 60_000;
/** Retention also runs after this much was written, so that the cap on size holds under any load. */
const RETAIN_EVERY_BYTES = 64 * 2 ** 20;
const AFTER_FAILURE_MS = 5_000;
/** How often a day is searched for blocks of rows whose columns can be kept. */
const BLOCKS_EVERY_MS = 5_000;
const MAX_OPEN = 4;

export interface MaintenanceParts {
  readonly directory: string;
  /** Has the writer do something; settles when it is done. */
  readonly ask: (duty: WriterDuty) => Promise<void>;
  readonly warn: (warning: string) => void;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
}

interface Work {
  /** Null for what concerns the whole log. */
  readonly day: PartitionDay | null;
  readonly touches: 'rows' | 'text' | 'columns';
  readonly pauses: Pause;
}

/** What the writer has told about a day since it was last looked after. */
interface DayNotes {
  unindexedSinceMs: number | null;
  walPages: number;
  lastCommitMs: number;
  lookForBlocksAtMs: number;
}

/** Does, one task after the other, what requests need not wait for: text index, compression, checkpoints, retention. */
export class Maintenance {
  readonly #parts: MaintenanceParts;
  #settings: GatewayLogConfig;
  readonly #open = new Map<PartitionDay, MaintainedPartition>();
  readonly #recovered = new Set<PartitionDay>();
  readonly #settled = new Set<PartitionDay>();
  readonly #notes = new Map<PartitionDay, DayNotes>();
  #newestDay: PartitionDay = 0;
  #retainAtMs = 0;
  #bytesSinceRetain = 0;
  #wake: (() => void) | null = null;
  #sleepsUntilMs = 0;
  #isStopped = false;
  #failures = 0;

  constructor(parts: MaintenanceParts, settings: GatewayLogConfig) {
    this.#parts = parts;
    this.#settings = settings;
  }

  configure(settings: GatewayLogConfig): void {
    this.#settings = settings;
    this.#retainAtMs = 0;
    this.#wake?.();
  }

  noteCommitted(work: readonly CommittedWork[]): void {
    const nowMs = this.#parts.nowMs();
    for (const { day, bytes, walPages } of work) {
      this.#settled.delete(day);
      const notes = this.#notesOf(day);
      notes.walPages += walPages;
      notes.lastCommitMs = nowMs;
      this.#bytesSinceRetain += bytes;
    }
    if (this.#bytesSinceRetain >= RETAIN_EVERY_BYTES) this.#retainAtMs = 0;
    if (this.#sleepsUntilMs > nowMs + INDEX_DELAY_MS) this.#wake?.();
  }

  /** Works until `stop` is called; settles when the slice under way has ended and everything is closed. */
  async run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        const { work, waitMs } = await this.#next();
        if (work === null) await this.#sleep(waitMs);
        else await this.#do(work);
      } catch (error) {
        this.#noteFailure(error);
        await this.#sleep(AFTER_FAILURE_MS);
      }
    }
    for (const day of [...this.#open.keys()]) this.#close(day);
  }

  stop(): void {
    this.#isStopped = true;
    this.#wake?.();
  }

  async #next(): Promise<{ readonly work: Work | null; readonly waitMs: number }> {
    const now = this.#parts.nowMs();
    if (now >= this.#retainAtMs) {
      this.#retainAtMs = now + RETAIN_EVERY_MS;
      this.#bytesSinceRetain = 0;
      return { work: { day: null, touches: 'rows', pauses: this.#retain(now) }, waitMs: 0 };
    }
    let wakeAtMs = this.#retainAtMs;
    const days = partitionDays(this.#parts.directory).toReversed();
    if (days[0] !== this.#newestDay) {
      // What was the newest day can be finished now.
      this.#settled.delete(this.#newestDay);
      this.#notesOf(this.#newestDay).lookForBlocksAtMs = 0;
      this.#newestDay = days[0] ?? 0;
    }
    for (const day of days) {
      if (this.#settled.has(day)) continue;
      const task = await this.#look(day, day === days[0], now);
      if (task.type === 'settled') this.#settle(day, day === days[0]);
      else if (task.type === 'wait') wakeAtMs = Math.min(wakeAtMs, task.untilMs);
      else {
        const isText = task.type === 'index' || task.type === 'merge';
        const touches = isText ? 'text' : task.type === 'columns' ? 'columns' : 'rows';
        return { work: { day, touches, pauses: this.#start(day, task) }, waitMs: 0 };
      }
    }
    return { work: null, waitMs: Math.max(1, wakeAtMs - now) };
  }

  #settle(day: PartitionDay, isNewest: boolean): void {
    this.#settled.add(day);
    if (isNewest) return;
    this.#get(day).shrink();
    this.#close(day);
    this.#notes.delete(day);
  }

  #retain(nowMs: number): Pause {
    const { directory, ask } = this.#parts;
    const parts = {
      directory,
      ask,
      open: (day: PartitionDay) => this.#get(day),
      close: (day: PartitionDay) => this.#close(day),
    };
    return retain(parts, this.#settings.retain, nowMs);
  }

  async #look(day: PartitionDay, isNewest: boolean, nowMs: number): Promise<Task> {
    try {
      // The writer opens each day once and closes rows that a crash left running in it.
      if (!this.#recovered.has(day)) await this.#parts.ask({ type: 'recover', day });
      this.#recovered.add(day);
      return nextTask(this.#gather(this.#get(day), isNewest, nowMs), nowMs);
    } catch (error) {
      if (isDamage(error)) await this.#repair(day, this.#open.has(day) ? 'text' : 'rows', error);
      else this.#parts.warn(`The request log of ${day} cannot be maintained at the moment: ${describe(error)}.`);
      return { type: 'wait', untilMs: nowMs + AFTER_FAILURE_MS };
    }
  }

  #gather(partition: MaintainedPartition, isNewest: boolean, nowMs: number): PartitionWork {
    const { indexedTo, mayMerge } = partition.textIndex();
    const notes = this.#notesOf(partition.day);
    const bytes = unindexedBytes(partition, indexedTo);
    notes.unindexedSinceMs = bytes === 0 ? null : (notes.unindexedSinceMs ?? nowMs);
    const frames = partition.bodyFiles().filter(({ kind }) => kind === bodyFileKinds.frames);
    return {
      isNewest,
      unindexedBytes: bytes,
      unindexedSinceMs: notes.unindexedSinceMs,
      mayMerge,
      walPages: notes.walPages,
      ...this.#findBlock(partition, isNewest, nowMs),
      lastCommitMs: notes.lastCommitMs,
      filesToCompress: frames
        .filter(({ state }) => state === bodyFileStates.sealed)
        .filter((row) => row.file < indexedTo.file || (row.file === indexedTo.file && row.bytes <= indexedTo.offset))
        .map(({ file }) => file),
      openFramesSinceMs: frames.find(({ state }) => state === bodyFileStates.open)?.opened_ms ?? null,
    };
  }

  /** Looking for one counts rows, so a day without any is left alone for some seconds. */
  #findBlock(
    partition: MaintainedPartition,
    isNewest: boolean,
    nowMs: number,
  ): Pick<PartitionWork, 'blockToKeep' | 'lookForBlocksAtMs'> {
    const notes = this.#notesOf(partition.day);
    if (nowMs < notes.lookForBlocksAtMs) return { blockToKeep: null, lookForBlocksAtMs: notes.lookForBlocksAtMs };
    const { block, isWaiting } = findBlockToKeep(partition, isNewest, nowMs);
    if (block === null) notes.lookForBlocksAtMs = nowMs + BLOCKS_EVERY_MS;
    return { blockToKeep: block, lookForBlocksAtMs: isWaiting ? notes.lookForBlocksAtMs : null };
  }

  async *#start(day: PartitionDay, task: Exclude<Task, { type: 'wait' | 'settled' }>): Pause {
    const { nowMs, monotonicMs, warn, ask } = this.#parts;
    const partition = this.#get(day);
    const notes = this.#notesOf(day);
    switch (task.type) {
      case 'index':
        notes.unindexedSinceMs = null;
        return yield* indexText(partition, monotonicMs);
      case 'merge':
        return partition.textIndex().mergeStep();
      case 'checkpoint':
        notes.walPages = 0;
        return partition.checkpoint();
      case 'columns':
        return yield* keepColumns(partition, task.block);
      case 'compress':
        notes.walPages += 1;
        return yield* compressBodies(partition, task.file, nowMs, warn);
      case 'seal':
        return ask({ type: 'seal', day });
      default:
        return assertNever(task, 'background task');
    }
  }

  async #do(work: Work): Promise<void> {
    try {
      for await (const _ of work.pauses) {
        await nextTurn();
        if (this.#isStopped) return;
      }
      await nextTurn();
      this.#failures = 0;
    } catch (error) {
      if (work.day !== null && isDamage(error)) await this.#repair(work.day, work.touches, error);
      else this.#noteFailure(error);
      await this.#sleep(AFTER_FAILURE_MS);
    }
  }

  /** A full disk fails every task; saying so once is enough. */
  #noteFailure(error: unknown): void {
    this.#failures += 1;
    if (this.#failures > 1) return;
    this.#parts.warn(`Maintenance of the request log failed and will be tried again: ${describe(error)}.`);
  }

  async #repair(day: PartitionDay, what: Work['touches'], error: unknown): Promise<void> {
    if (what === 'columns') return this.#get(day).resetColumns();
    if (what === 'rows') {
      this.#close(day);
      return this.#parts.ask({ type: 'set-aside', day, reason: describe(error) });
    }
    this.#get(day).resetTextIndex(this.#parts.nowMs());
    this.#parts.warn(
      `The text index of ${day} is damaged (${describe(error)}) and was begun anew; requests of that day that are ` +
        'compressed already are no longer found by their text.',
    );
  }

  #get(day: PartitionDay): MaintainedPartition {
    let partition = this.#open.get(day);
    this.#open.delete(day);
    if (partition === undefined) {
      partition = new MaintainedPartition(path.join(this.#parts.directory, String(day)), day);
      partition.reconcile(this.#parts.nowMs()).forEach(this.#parts.warn);
    }
    this.#open.set(day, partition);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MAX_OPEN) break;
      this.#close(oldest);
    }
    return partition;
  }

  #close(day: PartitionDay): void {
    this.#open.get(day)?.close();
    this.#open.delete(day);
  }

  #notesOf(day: PartitionDay): DayNotes {
    let notes = this.#notes.get(day);
    if (notes === undefined) {
      notes = { unindexedSinceMs: null, walPages: 0, lastCommitMs: 0, lookForBlocksAtMs: 0 };
      this.#notes.set(day, notes);
    }
    return notes;
  }

  async #sleep(waitMs: number): Promise<void> {
    if (this.#isStopped) return;
    this.#sleepsUntilMs = this.#parts.nowMs() + waitMs;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
    this.#sleepsUntilMs = 0;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
