import { hashNumbers } from './seeded-random.ts';

/** Remembers which prompt prefixes have been seen, in whole blocks, and forgets the least recently used. */
export class PrefixCache {
  readonly #blockSize: number;
  readonly #capacity: number;
  /** A set keeps insertion order, so the oldest block comes first. */
  readonly #blocks = new Set<string>();

  constructor(blockSize: number, capacity: number) {
    this.#blockSize = blockSize;
    this.#capacity = capacity;
  }

  /**
   * Tokens of the prompt that were cached, a multiple of the block size; remembers the prompt's own blocks. At least one
   * token is always left to compute, as in vLLM.
   */
  lookUp(prompt: readonly number[]): number {
    let chain = 0;
    let cachedBlocks = 0;
    let isHit = true;
    for (let start = 0; start + this.#blockSize <= prompt.length; start += this.#blockSize) {
      const block = prompt.slice(start, start + this.#blockSize);
      chain = hashNumbers(chain, block);
      const key = `${start}:${chain}:${block[0]}`;
      isHit = isHit && this.#blocks.has(key);
      if (isHit) cachedBlocks += 1;
      this.#remember(key);
    }
    const cached = cachedBlocks * this.#blockSize;
    return cached > 0 && cached === prompt.length ? cached - this.#blockSize : cached;
  }

  #remember(key: string): void {
    this.#blocks.delete(key);
    this.#blocks.add(key);
    if (this.#blocks.size <= this.#capacity) return;
    const oldest = this.#blocks.values().next();
    if (!oldest.done) this.#blocks.delete(oldest.value);
  }
}
