import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFileAtomic } from '../../base/atomic-write.ts';

/**
 * Keys between gateway and model servers, one per server, so that nothing else on the machine can use a server past the
 * gateway and its record. Made once and kept in runtime/upstream-keys.json (mode 0600): a server that outlives the service
 * goes on with the key it was started with.
 */
export class UpstreamKeys {
  readonly #file: string;
  readonly #keys: Map<string, string>;

  constructor(file: string) {
    this.#file = file;
    this.#keys = readKeys(file);
  }

  /** The key of a server; made when there is none yet. */
  for(server: string): string {
    const known = this.#keys.get(server);
    if (known !== undefined) return known;
    const key = randomBytes(32).toString('base64url');
    this.#keys.set(server, key);
    writeFileAtomic(this.#file, `${JSON.stringify(Object.fromEntries(this.#keys), null, 2)}\n`, 0o600);
    return key;
  }
}

function readKeys(file: string): Map<string, string> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>));
  } catch {
    // None made yet, or damaged: new ones are made, and servers show as needing a restart.
    return new Map();
  }
}
