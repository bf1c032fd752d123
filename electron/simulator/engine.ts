import { DeadlineHeap } from './deadline-heap.ts';
import type { EngineGauges } from './engine-families.ts';
import type { EngineMetrics } from './engine-metrics.ts';
import type { Finish, Generation } from './generation.ts';
import type { PrefixCache } from './prefix-cache.ts';
import type { Random } from './seeded-random.ts';
import type { Timing } from './timing.ts';
import { firstTokenDelayMs, nextTokenDelayMs } from './timing.ts';

/** What a sequence produced in one step. A sequence ends with exactly one output that has a `finish`. */
export interface EngineOutput {
  readonly text: string;
  /** 1, or 0 for an end without a token (abort, error, pooling). */
  readonly tokens: number;
  readonly finish: Finish | null;
}

export interface SequenceRequest {
  /** When the request reached the server, on the engine's clock. */
  readonly arrivedAtMs: number;
  readonly promptTokenIds: readonly number[];
  /** Null for pooling: the sequence ends with its first step and produces no token. */
  readonly generation: Generation | null;
  readonly maxTokens: number | null;
  /** The `n` of the request. */
  readonly choicesPerPrompt: number;
  /** Drives the jitter of this sequence. */
  readonly random: Random;
  readonly onOutput: (output: EngineOutput) => void;
}

export interface Sequence {
  readonly request: SequenceRequest;
  readonly cachedTokens: number;
  dueAtMs: number;
  scheduledAtMs: number | null;
  firstTokenAtMs: number | null;
  lastTokenAtMs: number | null;
  tokens: number;
  isFinished: boolean;
}

export interface EngineSettings {
  readonly timing: Timing;
  readonly maxNumSeqs: number;
  readonly blockSize: number;
  readonly blockCount: number;
}

/** Milliseconds that only rise; fractions count. */
export type Clock = () => number;

/**
 * A token is produced when it is due or within half a millisecond of it: timers have a resolution of one millisecond, and
 * rounding both ways keeps the mean error near zero where waiting for the full time would always be late.
 */
const earlyMs = 0.5;

/**
 * Admits sequences in order of arrival up to `maxNumSeqs` and produces their tokens on time.
 *
 * Every token has a due time computed from when the one before it was due, never from when it was really produced, so
 * delays do not add up. One timer serves all sequences. A round produces at most one token of each sequence that is due,
 * then yields, so that an engine running late still answers its sockets.
 */
export class Engine {
  readonly #settings: EngineSettings;
  readonly #metrics: EngineMetrics;
  readonly #prefixCache: PrefixCache;
  readonly #now: Clock;
  readonly #waiting = new Set<Sequence>();
  readonly #running = new Set<Sequence>();
  readonly #due = new DeadlineHeap<Sequence>();
  #timer: NodeJS.Timeout | null = null;
  #timerAtMs = Infinity;
  #immediate: NodeJS.Immediate | null = null;
  #isFrozen = false;

  constructor(settings: EngineSettings, metrics: EngineMetrics, prefixCache: PrefixCache, now: Clock) {
    this.#settings = settings;
    this.#metrics = metrics;
    this.#prefixCache = prefixCache;
    this.#now = now;
  }

  submit(request: SequenceRequest): Sequence {
    const cachedTokens = this.#prefixCache.lookUp(request.promptTokenIds);
    this.#metrics.prefixCacheQueried(request.promptTokenIds.length, cachedTokens);
    const sequence: Sequence = {
      request,
      cachedTokens,
      dueAtMs: Infinity,
      scheduledAtMs: null,
      firstTokenAtMs: null,
      lastTokenAtMs: null,
      tokens: 0,
      isFinished: false,
    };
    this.#waiting.add(sequence);
    this.#admit(request.arrivedAtMs);
    this.#arm();
    return sequence;
  }

  /** Ends a sequence early; the last output it gives has this reason. Does nothing when it has already ended. */
  end(sequence: Sequence, reason: 'abort' | 'error'): void {
    if (sequence.isFinished) return;
    this.#finish(sequence, { text: '', tokens: 0, finish: { reason, stopReason: null } }, this.#now());
    this.#admit(this.#now());
    this.#arm();
  }

  /** Ends everything that waits or runs, and returns how many there were. */
  endAll(reason: 'abort' | 'error'): number {
    const all = [...this.#running, ...this.#waiting];
    for (const sequence of all) {
      this.#finish(sequence, { text: '', tokens: 0, finish: { reason, stopReason: null } }, this.#now());
    }
    return all.length;
  }

  /** From now on no sequence makes progress; new ones are still admitted. */
  freeze(): void {
    this.#isFrozen = true;
    this.#disarm();
  }

  gauges(): EngineGauges {
    return {
      running: this.#running.size,
      waiting: this.#waiting.size,
      kvCacheUsage: Math.min(1, this.#usedBlocks() / this.#settings.blockCount),
    };
  }

  #usedBlocks(): number {
    let blocks = 0;
    for (const { request, tokens } of this.#running) {
      blocks += Math.ceil((request.promptTokenIds.length + tokens) / this.#settings.blockSize);
    }
    return blocks;
  }

  #admit(nowMs: number): void {
    for (const sequence of this.#waiting) {
      if (this.#running.size >= this.#settings.maxNumSeqs) return;
      this.#waiting.delete(sequence);
      this.#running.add(sequence);
      sequence.scheduledAtMs = nowMs;
      sequence.dueAtMs = nowMs + firstTokenDelayMs(this.#settings.timing, this.#running.size, sequence.request.random);
      this.#due.push(sequence);
    }
  }

  #round(): void {
    const nowMs = this.#now();
    const batch: Sequence[] = [];
    for (let next = this.#due.peek(); next !== undefined && next.dueAtMs <= nowMs + earlyMs; next = this.#due.peek()) {
      this.#due.pop();
      if (!next.isFinished) batch.push(next);
    }
    let tokens = 0;
    for (const sequence of batch) if (!sequence.isFinished) tokens += this.#step(sequence);
    if (tokens > 0) this.#metrics.iteration(tokens);
    this.#admit(this.#now());
    this.#arm();
  }

  /** Produces one token; returns the prompt and output tokens handled. */
  #step(sequence: Sequence): number {
    const nowMs = this.#now();
    const { request } = sequence;
    const isFirst = sequence.firstTokenAtMs === null;
    if (isFirst) this.#metrics.prefilled(request.promptTokenIds.length, sequence.cachedTokens);
    const prefillTokens = isFirst ? request.promptTokenIds.length - sequence.cachedTokens : 0;
    if (request.generation === null) {
      this.#finish(sequence, { text: '', tokens: 0, finish: { reason: 'stop', stopReason: null } }, nowMs);
      return prefillTokens;
    }
    const { text, finish } = request.generation.step();
    sequence.tokens += 1;
    if (sequence.lastTokenAtMs === null) this.#metrics.firstToken(nowMs - request.arrivedAtMs);
    else this.#metrics.nextToken(nowMs - sequence.lastTokenAtMs);
    sequence.firstTokenAtMs ??= nowMs;
    sequence.lastTokenAtMs = nowMs;
    if (finish !== null) {
      this.#finish(sequence, { text, tokens: 1, finish }, nowMs);
    } else {
      sequence.dueAtMs += nextTokenDelayMs(this.#settings.timing, this.#running.size, request.random);
      this.#due.push(sequence);
      request.onOutput({ text, tokens: 1, finish });
    }
    return prefillTokens + 1;
  }

  #finish(sequence: Sequence, output: EngineOutput & { readonly finish: Finish }, nowMs: number): void {
    sequence.isFinished = true;
    this.#waiting.delete(sequence);
    this.#running.delete(sequence);
    this.#metrics.finished({
      arrivedAtMs: sequence.request.arrivedAtMs,
      scheduledAtMs: sequence.scheduledAtMs,
      firstTokenAtMs: sequence.firstTokenAtMs,
      lastTokenAtMs: sequence.lastTokenAtMs,
      finishedAtMs: nowMs,
      promptTokens: sequence.request.promptTokenIds.length,
      cachedTokens: sequence.cachedTokens,
      completionTokens: sequence.tokens,
      maxTokens: sequence.request.maxTokens,
      choicesPerPrompt: sequence.request.choicesPerPrompt,
      reason: output.finish.reason,
    });
    sequence.request.onOutput(output);
  }

  #arm(): void {
    if (this.#isFrozen || this.#immediate !== null) return;
    const next = this.#due.peek();
    if (next === undefined) return;
    const waitMs = next.dueAtMs - this.#now();
    if (waitMs <= earlyMs) {
      this.#disarm();
      this.#immediate = setImmediate(() => {
        this.#immediate = null;
        this.#round();
      });
      return;
    }
    if (this.#timer !== null && this.#timerAtMs <= next.dueAtMs) return;
    this.#disarm();
    this.#timerAtMs = next.dueAtMs;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#timerAtMs = Infinity;
        this.#round();
      },
      Math.max(1, Math.round(waitMs)),
    );
  }

  #disarm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#timer = null;
    this.#immediate = null;
    this.#timerAtMs = Infinity;
  }
}
