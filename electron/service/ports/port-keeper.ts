import { readFileSync } from 'node:fs';
import { isPortFree } from '../../base/port-free.ts';
import { writeFileAtomic } from '../../base/atomic-write.ts';

/** Where ports are looked for first: below what Linux gives to clients by default, above the well-known services. */
const PREFERRED = { from: 20_000, to: 32_000 } as const;

/** Inclusive range of ports. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Ports that the system gives to outgoing connections; a server there could find its port taken by one. */
export function readClientPortRange(): PortRange {
  try {
    const [from, to] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number);
    if (from && to) return { from, to };
  } catch {
    // Not Linux: IANA's dynamic range, which Windows and macOS use.
  }
  return { from: 49_152, to: 65_535 };
}

/** Ports that may be picked: the preferred ones outside the client range, or else any outside it. */
export function pickableRanges(client: PortRange): readonly PortRange[] {
  const outside = (range: PortRange): readonly PortRange[] =>
    [
      { from: range.from, to: Math.min(range.to, client.from - 1) },
      { from: Math.max(range.from, client.to + 1), to: range.to },
    ].filter(({ from, to }) => from <= to);
  const preferred = outside(PREFERRED);
  return preferred.some(({ from, to }) => to - from >= 100) ? preferred : outside({ from: 10_240, to: 65_535 });
}

export interface PortKeeperOptions {
  /** runtime/ports.json. */
  readonly file: string;
  readonly ranges: readonly PortRange[];
  readonly warn: (message: string) => void;
  readonly isFree?: (host: string, port: number) => Promise<boolean>;
  readonly random?: () => number;
}

/** Ports that were picked once, by owner such as "process:mistral-small", and are kept across restarts. */
export class PortKeeper {
  readonly #options: Required<PortKeeperOptions>;
  readonly #ports: Map<string, number>;

  constructor(options: PortKeeperOptions) {
    this.#options = { isFree: isPortFree, random: Math.random, ...options };
    this.#ports = readPorts(options.file);
  }

  kept(owner: string): number | null {
    return this.#ports.get(owner) ?? null;
  }

  /**
   * The port of an owner: the kept one unless something foreign occupies it, else a newly picked one. `isOurs` says whether
   * the kept port is in use by the owner's own process, which then keeps it. `taken` are ports that others have been given.
   * Throws when no port at all is free.
   */
  async resolve(
    owner: string,
    host: string,
    isOurs: () => Promise<boolean>,
    taken: ReadonlySet<number>,
  ): Promise<number> {
    const kept = this.#ports.get(owner);
    if (kept !== undefined && !taken.has(kept)) {
      if ((await this.#options.isFree(host, kept)) || (await isOurs())) return kept;
    }
    const port = await this.#pick(host, taken);
    if (kept !== undefined) {
      this.#options.warn(
        `Port ${kept} of ${ownerInWords(owner)} is occupied by another program; ${port} is used from now on.`,
      );
    }
    this.#ports.set(owner, port);
    writeFileAtomic(this.#options.file, `${JSON.stringify(Object.fromEntries(this.#ports), null, 2)}\n`);
    return port;
  }

  async #pick(host: string, taken: ReadonlySet<number>): Promise<number> {
    const size = this.#options.ranges.reduce((sum, range) => sum + range.to - range.from + 1, 0);
    const reserved = new Set([...taken, ...this.#ports.values()]);
    for (let attempt = 0; attempt < 2000; attempt++) {
      let index = Math.floor(this.#options.random() * size);
      for (const { from, to } of this.#options.ranges) {
        const length = to - from + 1;
        if (index < length) {
          const port = from + index;
          if (!reserved.has(port) && (await this.#options.isFree(host, port))) return port;
          break;
        }
        index -= length;
      }
    }
    throw new Error(`No free port was found on ${host} in 2000 attempts.`);
  }
}

function ownerInWords(owner: string): string {
  if (owner === 'control') return 'the control API';
  return owner.startsWith('gateway:') ? 'the gateway' : owner.replace(/^process:/, '');
}

function readPorts(file: string): Map<string, number> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null) return new Map();
    return new Map(
      Object.entries(value).filter((entry): entry is [string, number] => Number.isInteger(entry[1]) && entry[1] > 0),
    );
  } catch {
    // None picked yet, or damaged: ports are picked anew, and processes that run are known by their runners.
    return new Map();
  }
}
