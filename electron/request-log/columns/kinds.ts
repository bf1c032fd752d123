/** The values of a row that are filtered by equality, as they are in the columns of `requests`. */
export interface Kind {
  readonly state: number;
  readonly http_status: number | null;
  readonly model: string | null;
  readonly served_by: string | null;
  readonly feature: string | null;
  readonly key_name: string | null;
  readonly finish_reason: string | null;
  readonly error_code: string | null;
}

/** Kinds by number, and numbers by kind. Numbers count from 1; 0 stands for a row that is not there. */
export class KindTable {
  readonly #kinds: Kind[] = [];
  readonly #numbers = new Map<string, number>();
  #states: Uint8Array = new Uint8Array(0);

  /** The number of the kind, given to it now when it is new. */
  numberOf(kind: Kind): number {
    const key = keyOf(kind);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#kinds.push(kind);
    this.#numbers.set(key, this.#kinds.length);
    return this.#kinds.length;
  }

  get size(): number {
    return this.#kinds.length;
  }

  get(number: number): Kind {
    const kind = this.#kinds[number - 1];
    if (kind === undefined) throw new RangeError(`There is no kind ${number}.`);
    return kind;
  }

  /** For each number, the state of the kind; place 0 means nothing. */
  states(): Uint8Array {
    if (this.#states.length <= this.#kinds.length) {
      this.#states = Uint8Array.from([0, ...this.#kinds.map(({ state }) => state)]);
    }
    return this.#states;
  }

  /** For each number, whether the kind fulfils the condition; place 0 is false. */
  test(condition: (kind: Kind) => boolean): Uint8Array {
    const matches = new Uint8Array(this.#kinds.length + 1);
    this.#kinds.forEach((kind, index) => (matches[index + 1] = condition(kind) ? 1 : 0));
    return matches;
  }
}

function keyOf(kind: Kind): string {
  const { state, http_status, model, served_by, feature, key_name, finish_reason, error_code } = kind;
  // NUL does not occur in names; null and the empty string have to differ.
  return [state, http_status, model, served_by, feature, key_name, finish_reason, error_code]
    .map((value) => (value === null ? '\u0001' : String(value)))
    .join('\0');
}
