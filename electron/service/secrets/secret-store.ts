import { readFileSync } from 'node:fs';
import { writeFileAtomic } from '../../base/atomic-write.ts';

interface StoredSecret {
  readonly value: string;
  readonly setAtMs: number;
}

/** Values that the site file refers to by name, in secrets.json (mode 0600). They are given to processes only. */
export class SecretStore {
  readonly #file: string;
  #secrets: ReadonlyMap<string, StoredSecret>;

  /** Throws when the file is there and cannot be read: guessing "no secrets" would overwrite it with the next one set. */
  constructor(file: string) {
    this.#file = file;
    this.#secrets = readSecrets(file);
  }

  value(name: string): string | null {
    return this.#secrets.get(name)?.value ?? null;
  }

  /** Names and times, by name. */
  list(): readonly { readonly name: string; readonly setAtMs: number }[] {
    return [...this.#secrets]
      .map(([name, { setAtMs }]) => ({ name, setAtMs }))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  set(name: string, value: string, nowMs: number): void {
    this.#save(new Map([...this.#secrets, [name, { value, setAtMs: nowMs }]]));
  }

  /** False when there is none of that name. */
  remove(name: string): boolean {
    if (!this.#secrets.has(name)) return false;
    this.#save(new Map([...this.#secrets].filter(([other]) => other !== name)));
    return true;
  }

  #save(secrets: ReadonlyMap<string, StoredSecret>): void {
    writeFileAtomic(this.#file, `${JSON.stringify(Object.fromEntries(secrets), null, 2)}\n`, 0o600);
    this.#secrets = secrets;
  }
}

function readSecrets(file: string): Map<string, StoredSecret> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
  try {
    return new Map(Object.entries(JSON.parse(text) as Record<string, StoredSecret>));
  } catch {
    // The parser's message would quote the content.
    throw new Error(`${file} is damaged: it is not JSON. Put back a copy, or remove it and set the secrets again.`);
  }
}
