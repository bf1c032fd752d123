/** Bytes of columns kept in memory: enough for what a dashboard over ten million rows looks at again and again. */
const KEPT_BYTES = 128 * 2 ** 20;

interface Entry {
  readonly value: unknown;
  readonly bytes: number;
}

/** Columns that were read lately, those unused the longest given up first. Emptied when nobody asks for a while. */
export class ColumnCache {
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  get<T>(key: string, bytesOf: (value: T) => number, load: () => T): T {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      // A key holds what was loaded under it, so always the same type.
      return known.value as T;
    }
    const value = load();
    const bytes = bytesOf(value);
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= KEPT_BYTES || oldest === key) break;
      this.#entries.delete(oldest);
      this.#bytes -= entry.bytes;
    }
    return value;
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }
}
