/** Requests without a row because the log could not be written. */
export class UnrecordedRequests {
  #total = 0;
  #pending = 0;
  #sinceMs = 0;

  count(nowMs: number): void {
    if (this.#pending === 0) this.#sinceMs = nowMs;
    this.#total += 1;
    this.#pending += 1;
  }

  /** Since the gateway started. */
  get total(): number {
    return this.#total;
  }

  /** Those that no summary row stands for yet, or null. */
  pending(): { readonly count: number; readonly sinceMs: number } | null {
    return this.#pending === 0 ? null : { count: this.#pending, sinceMs: this.#sinceMs };
  }

  /** A summary row for this many has been written. */
  summarized(count: number): void {
    this.#pending -= count;
  }
}
