import type { ErrorCode } from '../contract/outpost-error.ts';

/** Rejected requests that look alike. */
export interface RejectedKind {
  readonly code: ErrorCode;
  readonly clientAddress: string | null;
  readonly route: string;
}

/** A second's rejected requests beyond those that got rows of their own. */
export interface CountedRejections<T> {
  /** The first of them stands for all. */
  readonly example: T;
  readonly count: number;
}

interface Window<T> {
  readonly startMs: number;
  rows: number;
  counted: number;
  example: T | null;
}

const WINDOW_MS = 1000;
const ROWS_PER_WINDOW = 50;
/** Different clients and routes told apart at once; beyond, they share one window, so that a flood cannot fill memory. */
const MAX_KINDS = 1000;

/** Keeps a flood of rejected requests from flooding the log: above 50 alike in a second they are counted. */
export class FloodCounter<T> {
  readonly #windows = new Map<string, Window<T>>();

  /** Whether this rejected request gets a row of its own; else it is counted, and `due` yields it later. */
  admit(kind: RejectedKind, example: T, nowMs: number): boolean {
    // Whoever tries out paths is one flood, not as many as there are paths.
    const route = kind.code === 'ROUTE_UNKNOWN' ? '*' : kind.route;
    let name = `${kind.code} ${kind.clientAddress ?? ''} ${route}`;
    if (!this.#windows.has(name) && this.#windows.size >= MAX_KINDS) name = kind.code;
    let window = this.#windows.get(name);
    if (!window || (window.counted === 0 && nowMs - window.startMs >= WINDOW_MS)) {
      window = { startMs: nowMs, rows: 0, counted: 0, example: null };
      this.#windows.set(name, window);
    }
    if (window.rows < ROWS_PER_WINDOW) {
      window.rows += 1;
      return true;
    }
    window.counted += 1;
    window.example ??= example;
    return false;
  }

  /** Takes what was counted in windows that are over; `all` takes those that are not over as well. */
  due(nowMs: number, all = false): CountedRejections<T>[] {
    const due: CountedRejections<T>[] = [];
    for (const [name, window] of this.#windows) {
      if (!all && nowMs - window.startMs < WINDOW_MS) continue;
      this.#windows.delete(name);
      if (window.example !== null) due.push({ example: window.example, count: window.counted });
    }
    return due;
  }
}
