/** Longer bodies are cut in the record, never in traffic. */
export const MAX_RECORDED_BYTES = 64 * 1024 * 1024;

/** Keeps a copy-free list of what passed, up to a limit. */
export class BodyCapture {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #kept = 0;
  #total = 0;

  constructor(limit = MAX_RECORDED_BYTES) {
    this.#limit = limit;
  }

  add(chunk: Buffer): void {
    this.#total += chunk.length;
    const room = this.#limit - this.#kept;
    if (room <= 0) return;
    const kept = chunk.length <= room ? chunk : chunk.subarray(0, room);
    this.#chunks.push(kept);
    this.#kept += kept.length;
  }

  bytes(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] as Buffer;
  }

  get totalBytes(): number {
    return this.#total;
  }

  /** What is missing, in words, or null. */
  get note(): string | null {
    return this.#total === this.#kept ? null : `cut in the record after ${this.#kept} of ${this.#total} bytes`;
  }
}
