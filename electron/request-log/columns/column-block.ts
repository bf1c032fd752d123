import type { BlockSummary, Bounds } from './block-summary.ts';
import type { Kind, KindTable } from './kinds.ts';
import { NO_STEP, countSteps, stepOf } from './step-counts.ts';
import type { CountedSteps } from './step-counts.ts';

/** Rows of a block: large enough that ten million rows are a few hundred blocks, small enough to be made in 0.1 s. */
export const BLOCK_ROWS = 32_768;

/** Columns of a block by their numbers, which are on disk. */
export const columnNumbers = {
  /** u16: place in the block's list of kinds, from 1; 0 when there is no such row. */
  codes: 1,
  /** i32: time_ms from the beginning of the partition's day. */
  times: 2,
  /** f32, NaN for unknown. */
  ttft: 3,
  duration: 4,
  /** u32, NO_TOKENS for unknown. */
  prompt: 5,
  completion: 6,
  /** u32: hash of request_id. */
  idHashes: 7,
  /** u32: requests that a row stands for; the column is left out when all are 1. */
  counts: 8,
  /** u16: upper half of the f32, which makes 128 steps for each doubling. */
  ttftSteps: 9,
  durationSteps: 10,
} as const;
export type ColumnName = keyof typeof columnNumbers;
export const COLUMNS_PER_BLOCK = 16;

export const NO_TOKENS = 0xffffffff;

/** Columns of a block, each read when it is first asked for. */
export interface BlockColumns {
  readonly block: number;
  readonly oldestMs: number;
  readonly newestMs: number;
  readonly summary: BlockSummary;
  /** Rows that the columns reach to, at most BLOCK_ROWS. */
  readonly length: number;
  codes(): Uint16Array;
  times(): Int32Array;
  ttft(): Float32Array;
  duration(): Float32Array;
  prompt(): Uint32Array;
  completion(): Uint32Array;
  idHashes(): Uint32Array;
  counts(): Uint32Array | null;
  ttftSteps(): Uint16Array;
  durationSteps(): Uint16Array;
  /** The steps of all rows together. */
  ttftStepCounts(): CountedSteps;
  durationStepCounts(): CountedSteps;
}

/** What is read of a row to put it into a block. */
export interface ColumnRow extends Kind {
  readonly n: number;
  readonly time_ms: number;
  readonly ttft_ms: number | null;
  readonly duration_ms: number | null;
  readonly prompt_tokens: number | null;
  readonly completion_tokens: number | null;
  readonly count: number;
  readonly request_id: string;
}

const rowColumns = `n, state, time_ms, ttft_ms, duration_ms, prompt_tokens, completion_tokens, count, request_id,
  http_status, model, served_by, feature, key_name, finish_reason, error_code`;
export const columnRowsSql = `SELECT ${rowColumns} FROM main.requests NOT INDEXED WHERE n BETWEEN ? AND ? ORDER BY n`;
export const columnRowSql = `SELECT ${rowColumns} FROM main.requests WHERE n = ?`;

export function blockOf(n: number): number {
  return Math.floor(n / BLOCK_ROWS);
}

/** FNV-1a, 32 bits. */
export function hashOfId(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/**
 * A block as it is being made from rows. Rows that run or are missing stay open: they are looked at again by whoever
 * keeps the block.
 */
export class GrowingBlock implements BlockColumns {
  readonly block: number;
  readonly #kinds: KindTable;
  readonly #dayStartMs: number;
  readonly #codes = new Uint16Array(BLOCK_ROWS);
  readonly #times = new Int32Array(BLOCK_ROWS);
  readonly #ttft = new Float32Array(BLOCK_ROWS).fill(NaN);
  readonly #duration = new Float32Array(BLOCK_ROWS).fill(NaN);
  readonly #prompt = new Uint32Array(BLOCK_ROWS).fill(NO_TOKENS);
  readonly #completion = new Uint32Array(BLOCK_ROWS).fill(NO_TOKENS);
  readonly #idHashes = new Uint32Array(BLOCK_ROWS);
  readonly #counts = new Uint32Array(BLOCK_ROWS).fill(1);
  readonly #ttftSteps = new Uint16Array(BLOCK_ROWS).fill(NO_STEP);
  readonly #durationSteps = new Uint16Array(BLOCK_ROWS).fill(NO_STEP);
  readonly #localKinds: number[] = [];
  readonly #localOf = new Map<number, number>();
  readonly #open = new Set<number>();
  #length = 0;
  #oldestMs = Infinity;
  #newestMs = -Infinity;
  #hasCounts = false;
  #summary: BlockSummary | null = null;

  constructor(block: number, kinds: KindTable, dayStartMs: number) {
    this.block = block;
    this.#kinds = kinds;
    this.#dayStartMs = dayStartMs;
  }

  get firstNumber(): number {
    return this.block * BLOCK_ROWS;
  }

  get length(): number {
    return this.#length;
  }

  get oldestMs(): number {
    return this.#oldestMs;
  }

  get newestMs(): number {
    return this.#newestMs;
  }

  /** Places of rows that were running or missing when last looked at. */
  get open(): ReadonlySet<number> {
    return this.#open;
  }

  get summary(): BlockSummary {
    return (this.#summary ??= this.#summarize());
  }

  /** Takes in rows behind those that are known, in the order of their numbers, running ones included. */
  append(rows: Iterable<ColumnRow>): void {
    for (const row of rows) {
      const place = row.n - this.firstNumber;
      // Numbers without a row may still get one, but for a block's beginning, where a day may start.
      if (this.#length > 0) for (let gap = this.#length; gap < place; gap += 1) this.#open.add(gap);
      this.#length = place + 1;
      this.#set(place, row);
    }
  }

  /** Looks again at a row that was open. */
  update(row: ColumnRow): void {
    this.#set(row.n - this.firstNumber, row);
  }

  codes() {
    return this.#codes;
  }
  times() {
    return this.#times;
  }
  ttft() {
    return this.#ttft;
  }
  duration() {
    return this.#duration;
  }
  prompt() {
    return this.#prompt;
  }
  completion() {
    return this.#completion;
  }
  idHashes() {
    return this.#idHashes;
  }
  counts() {
    return this.#hasCounts ? this.#counts : null;
  }
  ttftSteps() {
    return this.#ttftSteps;
  }
  durationSteps() {
    return this.#durationSteps;
  }

  ttftStepCounts() {
    return countSteps(this.#ttftSteps);
  }
  durationStepCounts() {
    return countSteps(this.#durationSteps);
  }

  #set(place: number, row: ColumnRow): void {
    if (row.state === 0) this.#open.add(place);
    else this.#open.delete(place);
    this.#summary = null;
    this.#oldestMs = Math.min(this.#oldestMs, row.time_ms);
    this.#newestMs = Math.max(this.#newestMs, row.time_ms);
    this.#codes[place] = this.#localCode(this.#kinds.numberOf(kindOf(row)));
    this.#times[place] = row.time_ms - this.#dayStartMs;
    this.#ttft[place] = row.ttft_ms ?? NaN;
    this.#duration[place] = row.duration_ms ?? NaN;
    this.#ttftSteps[place] = stepOf(this.#ttft[place] ?? NaN);
    this.#durationSteps[place] = stepOf(this.#duration[place] ?? NaN);
    this.#prompt[place] = row.prompt_tokens ?? NO_TOKENS;
    this.#completion[place] = row.completion_tokens ?? NO_TOKENS;
    this.#idHashes[place] = hashOfId(row.request_id);
    this.#counts[place] = row.count;
    if (row.count !== 1) this.#hasCounts = true;
  }

  #localCode(kind: number): number {
    const known = this.#localOf.get(kind);
    if (known !== undefined) return known;
    this.#localKinds.push(kind);
    this.#localOf.set(kind, this.#localKinds.length);
    return this.#localKinds.length;
  }

  #summarize(): BlockSummary {
    const kinds = this.#localKinds.length;
    const rows = new Float64Array(kinds);
    const requests = new Float64Array(kinds);
    const promptTokens = new Float64Array(kinds);
    const completionTokens = new Float64Array(kinds);
    const ttftMs = new GrowingBounds();
    const durationMs = new GrowingBounds();
    const tokens = new GrowingBounds();
    for (let place = 0; place < this.#length; place += 1) {
      const local = (this.#codes[place] ?? 0) - 1;
      if (local < 0) continue;
      const prompt = this.#prompt[place] ?? NO_TOKENS;
      const completion = this.#completion[place] ?? NO_TOKENS;
      rows[local] = (rows[local] ?? 0) + 1;
      requests[local] = (requests[local] ?? 0) + (this.#counts[place] ?? 1);
      if (prompt !== NO_TOKENS) promptTokens[local] = (promptTokens[local] ?? 0) + prompt;
      if (completion !== NO_TOKENS) completionTokens[local] = (completionTokens[local] ?? 0) + completion;
      ttftMs.add(this.#ttft[place] ?? NaN);
      durationMs.add(this.#duration[place] ?? NaN);
      tokens.add(tokensOf(prompt, completion));
    }
    return {
      kinds: Float64Array.from(this.#localKinds),
      rows,
      requests,
      promptTokens,
      completionTokens,
      ttftMs: ttftMs.bounds,
      durationMs: durationMs.bounds,
      tokens: tokens.bounds,
    };
  }
}

/** Prompt and completion tokens together, NaN when neither is known. */
export function tokensOf(prompt: number, completion: number): number {
  if (prompt === NO_TOKENS) return completion === NO_TOKENS ? NaN : completion;
  return completion === NO_TOKENS ? prompt : prompt + completion;
}

class GrowingBounds {
  #min = Infinity;
  #max = -Infinity;

  add(value: number): void {
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  get bounds(): Bounds | null {
    return this.#min > this.#max ? null : { min: this.#min, max: this.#max };
  }
}

function kindOf(row: ColumnRow): Kind {
  const { state, http_status, model, served_by, feature, key_name, finish_reason, error_code } = row;
  return { state, http_status, model, served_by, feature, key_name, finish_reason, error_code };
}
