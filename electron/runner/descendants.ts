import type { Clock } from '../base/clock.ts';
import type { ProcessIdentity, ProcessTrees, TreeQuery } from '../base/process-tree.ts';
import { isSameProcess } from '../base/process-tree.ts';

const SAMPLE_MS = 2000;
/** Children mostly appear early; later samples are this many milliseconds after the one before. */
const FIRST_SAMPLES_MS = [300, 300, 600, 1000];
/** Pids are used again, so what is known to be foreign is forgotten now and then. */
const SAMPLES_PER_FRESH_LOOK = 30;

/**
 * Remembers which processes appear below a run's leader, so that they are found even after they have left its session
 * and lost its mark. `onLasting` is called when one seen twice is new, to be written down; those that come and go
 * between two samples would only cost disk writes.
 */
export class Descendants {
  readonly #trees: ProcessTrees;
  readonly #clock: Clock;
  readonly #onLasting: () => void;
  #lasting: readonly ProcessIdentity[] = [];
  #seenOnce: readonly ProcessIdentity[] = [];
  #foreign = new Set<number>();
  #samples = 0;
  #cancel: () => void = () => undefined;
  #watching: TreeQuery | null = null;

  constructor(trees: ProcessTrees, clock: Clock, onLasting: () => void) {
    this.#trees = trees;
    this.#clock = clock;
    this.#onLasting = onLasting;
  }

  /** Those seen more than once, alive or not. */
  lasting(): readonly ProcessIdentity[] {
    return this.#lasting;
  }

  /** All seen, alive or not. */
  seen(): readonly ProcessIdentity[] {
    return [...this.#lasting, ...this.#seenOnce];
  }

  watch(run: { readonly runId: string; readonly leader: ProcessIdentity }, known: readonly ProcessIdentity[]): void {
    this.stop();
    this.#lasting = known;
    this.#seenOnce = [];
    this.#foreign = new Set();
    this.#samples = 0;
    this.#watching = { ...run, recorded: [] };
    this.#next();
  }

  /** Adds what was found by other means. */
  remember(found: readonly ProcessIdentity[]): void {
    const isNew = (process: ProcessIdentity) => !this.seen().some((other) => isSameProcess(other, process));
    this.#seenOnce = [...this.#seenOnce, ...found.filter(isNew)];
  }

  /** Ends sampling; what was seen is kept until the next run. */
  stop(): void {
    this.#cancel();
    this.#watching = null;
  }

  #next(): void {
    const delayMs = FIRST_SAMPLES_MS[this.#samples] ?? SAMPLE_MS;
    this.#cancel = this.#clock.after(delayMs, () => void this.#sample());
  }

  async #sample(): Promise<void> {
    const watching = this.#watching;
    if (!watching?.leader) return;
    if (++this.#samples % SAMPLES_PER_FRESH_LOOK === 0) this.#foreign = new Set();
    let found: readonly ProcessIdentity[];
    try {
      found = await this.#trees.findTree({ ...watching, recorded: this.seen() }, this.#foreign);
    } catch {
      // Listing takes a file descriptor, which a system may be out of; the next sample may have one.
      if (watching === this.#watching) this.#next();
      return;
    }
    if (watching !== this.#watching) return;
    const { leader } = watching;
    const below = found.filter((process) => leader && !isSameProcess(process, leader));
    const fresh = below.filter((process) => !this.#lasting.some((other) => isSameProcess(other, process)));
    const again = fresh.filter((process) => this.#seenOnce.some((other) => isSameProcess(other, process)));
    this.#seenOnce = fresh.filter((process) => !again.includes(process));
    if (again.length > 0) {
      // The dead are dropped when there is something new to write, so that the list does not grow for ever.
      const alive = this.#lasting.filter((process) => below.some((other) => isSameProcess(other, process)));
      this.#lasting = [...alive, ...again];
      this.#onLasting();
    }
    this.#next();
  }
}
