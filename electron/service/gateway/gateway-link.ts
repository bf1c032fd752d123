import { connectLocal } from '../../base/local-socket-client.ts';
import type { LocalClient } from '../../base/local-socket-client.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import type { GatewayEvents, GatewayRequests, GatewayStatus } from '../../contract/route-table.ts';

const RETRY_MS = 500;
const STATUS_WITHIN_MS = 2000;

export interface GatewayLinkOptions {
  /** The gateway's local socket. */
  readonly address: string;
  /** Called after each connection, with what the gateway says of itself. */
  readonly onConnected: (status: GatewayStatus) => void;
  readonly onCommitted: (newestId: number) => void;
}

/** The connection to the running gateway; made anew for as long as the gateway is expected to run. */
export class GatewayLink {
  readonly #options: GatewayLinkOptions;
  #client: LocalClient<GatewayRequests, GatewayEvents> | null = null;
  #status: GatewayStatus | null = null;
  #expected = false;
  #closed = false;
  #connecting: Promise<void> | null = null;
  #retry: NodeJS.Timeout | null = null;

  constructor(options: GatewayLinkOptions) {
    this.#options = options;
  }

  /** Tells whether there should be a gateway to talk to; while there is, a lost connection is made again. */
  expect(running: boolean): void {
    this.#expected = running;
    if (running) void this.#connect();
    else if (this.#retry) {
      clearTimeout(this.#retry);
      this.#retry = null;
    }
  }

  /** What the gateway said when the connection was made, or null while there is none. */
  status(): GatewayStatus | null {
    return this.#client ? this.#status : null;
  }

  /** Has the gateway read the route table; answers with the version then in force. */
  async reload(timeoutMs: number): Promise<Result<number>> {
    if (!this.#client) await this.#connect();
    const client = this.#client;
    if (!client) return fail('GATEWAY_NOT_RUNNING', 'The gateway does not answer.');
    const answer = await client.call('reload', {}, timeoutMs);
    return answer.ok ? succeed(answer.value.version) : answer;
  }

  close(): void {
    this.#closed = true;
    this.expect(false);
    this.#client?.close();
  }

  /** One attempt at a time, shared by all who need the connection. Resolves when it is made or has failed. */
  async #connect(): Promise<void> {
    if (this.#client) return;
    this.#connecting ??= this.#connectNow().finally(() => {
      this.#connecting = null;
    });
    await this.#connecting;
  }

  async #connectNow(): Promise<void> {
    const connected = await connectLocal<GatewayRequests, GatewayEvents>(this.#options.address);
    if (!connected.ok) return this.#retryLater();
    const client = connected.value;
    const status = await client.call('status', {}, STATUS_WITHIN_MS);
    if (!status.ok || this.#closed) {
      client.close();
      return this.#retryLater();
    }
    this.#client = client;
    this.#status = status.value;
    client.on('committed', ({ newestId }) => this.#options.onCommitted(newestId));
    void client.closed.then(() => {
      this.#client = null;
      this.#retryLater();
    });
    this.#options.onConnected(status.value);
  }

  #retryLater(): void {
    if (!this.#expected || this.#retry) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.#connect();
    }, RETRY_MS);
    this.#retry.unref();
  }
}
