import { NO_TOKENS } from './column-block.ts';
import type { Kind } from './kinds.ts';
import type { MatchedBlock } from './match-blocks.ts';
import type { ReaderPartition } from '../reader-partition.ts';

/** What rows of one kind add up to. */
export interface KindSums {
  readonly kind: Kind;
  rows: number;
  requests: number;
  promptTokens: number;
  completionTokens: number;
}

/** Adds matching rows up by their kind, over all partitions. */
export class KindAdder {
  readonly #sums: (KindSums | undefined)[] = [];

  add(block: MatchedBlock, partition: ReaderPartition): void {
    const sums = this.#sums;
    const { summary } = block.columns;
    if (block.isWhole) return this.#addSummary(block, partition);
    const local: (KindSums | undefined)[] = [];
    for (let code = 1; code < block.chosen.length; code += 1) {
      if (block.chosen[code] !== 1) continue;
      const number = summary.kinds[code - 1] ?? 0;
      local[code] = sums[number] ??= newSums(partition.columns.kinds.get(number));
    }
    this.#addRows(block, local);
  }

  *all(): Generator<KindSums> {
    for (const sum of this.#sums) if (sum !== undefined && sum.rows > 0) yield sum;
  }

  #addSummary(block: MatchedBlock, partition: ReaderPartition): void {
    const sums = this.#sums;
    const { chosen, columns } = block;
    const { kinds, rows, requests, promptTokens, completionTokens } = columns.summary;
    for (let index = 0; index < kinds.length; index += 1) {
      if (chosen[index + 1] !== 1) continue;
      const number = kinds[index] as number;
      const sum = (sums[number] ??= newSums(partition.columns.kinds.get(number)));
      sum.rows += rows[index] as number;
      sum.requests += requests[index] as number;
      sum.promptTokens += promptTokens[index] as number;
      sum.completionTokens += completionTokens[index] as number;
    }
  }

  #addRows(block: MatchedBlock, local: readonly (KindSums | undefined)[]): void {
    const { places, count } = block.places();
    const codes = block.columns.codes();
    const counts = block.columns.counts();
    const prompt = block.columns.prompt();
    const completion = block.columns.completion();
    for (let index = 0; index < count; index += 1) {
      const place = places[index] as number;
      const sum = local[codes[place] as number];
      if (sum === undefined) continue;
      sum.rows += 1;
      sum.requests += counts === null ? 1 : (counts[place] as number);
      const promptTokens = prompt[place] as number;
      const completionTokens = completion[place] as number;
      if (promptTokens !== NO_TOKENS) sum.promptTokens += promptTokens;
      if (completionTokens !== NO_TOKENS) sum.completionTokens += completionTokens;
    }
  }
}

function newSums(kind: Kind): KindSums {
  return { kind, rows: 0, requests: 0, promptTokens: 0, completionTokens: 0 };
}
