import type { Percentiles } from '../../contract/request-analysis.ts';
import { NO_STEP, valueOfStep } from './column-block.ts';
import type { Places } from './row-filter.ts';

/** How many values fall into each step, for percentiles of any number of rows. */
export class StepCounts {
  readonly #counts = new Float64Array(2 ** 16);

  /** Adds every row of a block. */
  addAll(steps: Uint16Array): void {
    const counts = this.#counts;
    for (let place = 0; place < steps.length; place += 1) (counts[steps[place] as number] as number)++;
  }

  addSome(steps: Uint16Array, { places, count }: Places): void {
    const counts = this.#counts;
    for (let index = 0; index < count; index += 1) (counts[steps[places[index] as number] as number] as number)++;
  }

  /** Exact but for the width of a step, under one per cent; null without values. */
  percentiles(): Percentiles | null {
    let total = 0;
    for (let step = 0; step < NO_STEP; step += 1) total += this.#counts[step] ?? 0;
    if (total === 0) return null;
    return {
      p50: this.#valueAt(total * 0.5),
      p90: this.#valueAt(total * 0.9),
      p95: this.#valueAt(total * 0.95),
      p99: this.#valueAt(total * 0.99),
    };
  }

  /** The value below or at which that many lie. */
  #valueAt(rank: number): number {
    let below = 0;
    let last = 0;
    for (let step = 0; step < NO_STEP; step += 1) {
      const count = this.#counts[step] ?? 0;
      if (count === 0) continue;
      below += count;
      last = step;
      if (below >= rank) break;
    }
    return valueOfStep(last);
  }
}
