import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import type { TRPCClient } from '@trpc/client';
import { PLAYGROUND_PATH } from '../../electron/contract/playground-path.ts';
import { TRPC_PATH } from '../../electron/contract/trpc-path.ts';
import type { ControlRouter } from '../../electron/service/api/router.ts';

/** Where the service is and how to be let in. */
export interface ControlAddress {
  /** Base URL without a slash at the end. */
  readonly control: string;
  readonly token: string;
}

export type ControlApi = TRPCClient<ControlRouter>;

export interface ControlClient {
  readonly address: ControlAddress;
  readonly api: ControlApi;
  close(): void;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5000;

/** Opens a connection that is made again, with growing pauses, until `close` is called. */
export function openControlClient(address: ControlAddress, onLost: () => void): ControlClient {
  const socket = createWSClient({
    url: `${address.control.replace(/^http/, 'ws')}${TRPC_PATH}`,
    connectionParams: () => ({ token: address.token }),
    retryDelayMs: (attempt) => Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 8)),
    // A service that hangs, or a machine that slept, closes no socket.
    keepAlive: { enabled: true, intervalMs: 5000, pongTimeoutMs: 5000 },
    onClose: onLost,
    onError: onLost,
  });
  return {
    address,
    api: createTRPCClient<ControlRouter>({ links: [wsLink({ client: socket })] }),
    close: () => void socket.close(),
  };
}

export type TokenCheck = 'accepted' | 'refused' | 'unreachable';

/**
 * Asks over HTTP whether the token is right: a socket that is refused says no more than that it closed. Any answer other
 * than 401 comes from behind the token check, also when the gateway does not run.
 */
export async function checkToken(address: ControlAddress): Promise<TokenCheck> {
  try {
    const answer = await fetch(`${address.control}${PLAYGROUND_PATH}/v1/models`, {
      headers: { authorization: `Bearer ${address.token}` },
      cache: 'no-store',
      signal: AbortSignal.timeout(10_000),
    });
    return answer.status === 401 ? 'refused' : 'accepted';
  } catch {
    // Nothing is known of the token; the connection keeps trying by itself.
    return 'unreachable';
  }
}
