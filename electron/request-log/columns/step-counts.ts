import type { Percentiles } from '../../contract/request-analysis.ts';
import type { Places } from './row-filter.ts';

/** The step of a value that is not known: that of NaN. */
export const NO_STEP = 0x7fc0;

/** The steps that occur, and how many values each has. */
export interface CountedSteps {
  readonly steps: Uint16Array;
  readonly counts: Uint32Array;
}

const everyStep = new Uint32Array(2 ** 16);

export function countSteps(values: Uint16Array): CountedSteps {
  everyStep.fill(0);
  for (let place = 0; place < values.length; place += 1) (everyStep[values[place] as number] as number)++;
  const steps: number[] = [];
  for (let step = 0; step < NO_STEP; step += 1) if (everyStep[step] !== 0) steps.push(step);
  return { steps: Uint16Array.from(steps), counts: Uint32Array.from(steps, (step) => everyStep[step] as number) };
}

/** How many values fall into each step, for percentiles of any number of rows. */
export class StepCounts {
  readonly #counts = new Float64Array(2 ** 16);

  /** Adds every row of a block. */
  addCounted({ steps, counts }: CountedSteps): void {
    for (let index = 0; index < steps.length; index += 1) {
      (this.#counts[steps[index] as number] as number) += counts[index] as number;
    }
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

const oneFloat = new Float32Array(1);
const oneFloatBits = new Uint32Array(oneFloat.buffer);

/** Values fall into steps that widen with them; durations are never negative, so the steps are in their order. */
export function stepOf(value: number): number {
  if (Number.isNaN(value)) return NO_STEP;
  oneFloat[0] = Math.max(0, value);
  return (oneFloatBits[0] ?? 0) >>> 16;
}

/** The middle of a step. */
function valueOfStep(step: number): number {
  oneFloatBits[0] = ((step << 16) | 0x8000) >>> 0;
  const middle = oneFloat[0] ?? 0;
  return middle < 1e-30 ? 0 : middle;
}
