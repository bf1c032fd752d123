import { Pool } from 'undici';
import type { Routing } from '../routing.ts';

/** vLLM closes idle connections after 5 s; ours go earlier, so that a request rarely meets a closing one. */
const IDLE_MS = 3_500;
const CONNECT_TIMEOUT_MS = 5_000;

/** One pool of keep-alive connections per model server's origin. */
export class UpstreamPools {
  readonly #pools = new Map<string, Pool>();

  get(origin: string): Pool {
    const known = this.#pools.get(origin);
    if (known) return known;
    const pool = new Pool(origin, {
      connections: null,
      pipelining: 1,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // A server's metadata in headers can be long; its body is not limited, only passed on.
      maxHeaderSize: 64 * 1024,
      maxResponseSize: -1,
    });
    this.#pools.set(origin, pool);
    return pool;
  }

  /** Lets go of origins that are in no table any more; their running requests finish. */
  keepOnly({ addresses }: Routing): void {
    const wanted = new Set([...addresses.values()].map(({ origin }) => origin));
    for (const [origin, pool] of this.#pools) {
      if (wanted.has(origin)) continue;
      this.#pools.delete(origin);
      // A pool that fails to close cleanly has no request left that could notice.
      pool.close().catch(() => undefined);
    }
  }

  async destroy(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
    this.#pools.clear();
  }
}
