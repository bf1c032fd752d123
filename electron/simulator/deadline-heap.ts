/** Something that falls due; milliseconds on the same clock as its neighbours. */
export interface Due {
  dueAtMs: number;
}

/** A binary heap ordered by due time: the earliest is found at once, thousands of streams cost a logarithm each. */
export class DeadlineHeap<T extends Due> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    this.#items.push(item);
    let index = this.#items.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#dueAt(parent) <= this.#dueAt(index)) break;
      this.#swap(parent, index);
      index = parent;
    }
  }

  pop(): T | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (first === undefined || last === undefined || this.#items.length === 0) return first;
    this.#items[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let smallest = index;
      if (left < this.#items.length && this.#dueAt(left) < this.#dueAt(smallest)) smallest = left;
      if (right < this.#items.length && this.#dueAt(right) < this.#dueAt(smallest)) smallest = right;
      if (smallest === index) return first;
      this.#swap(smallest, index);
      index = smallest;
    }
  }

  #dueAt(index: number): number {
    return this.#items[index]?.dueAtMs ?? Infinity;
  }

  #swap(a: number, b: number): void {
    const first = this.#items[a];
    const second = this.#items[b];
    if (first === undefined || second === undefined) throw new Error('Only elements of the heap are swapped');
    this.#items[a] = second;
    this.#items[b] = first;
  }
}
