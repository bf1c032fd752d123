import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { TRPCError } from '@trpc/server';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { ControlOperations } from '../../contract/control-api.ts';
import { isToken } from './access-token.ts';
import { controlRouter } from './router.ts';

/** A site text has up to 1 MB; nothing else is nearly as long. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** Whoever connects and does not say who they are is not kept. */
const TOKEN_WITHIN_MS = 10_000;

export interface TrpcSocketParts {
  readonly token: string;
  readonly operations: ControlOperations;
  readonly warn: (message: string) => void;
}

export interface TrpcSocket {
  /** Takes over a connection whose Host and Origin have been checked. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

/** The control API over WebSocket; the token comes in the connection parameters, so that it is in no URL and no log. */
export function createTrpcSocket({ token, operations, warn }: TrpcSocketParts): TrpcSocket {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const authorized = new WeakSet<WebSocket>();
  const handler = applyWSSHandler({
    wss: server,
    router: controlRouter,
    keepAlive: { enabled: true, pingMs: 30_000, pongWaitMs: 10_000 },
    createContext({ info, res }) {
      if (!isToken(info.connectionParams?.['token'], token)) {
        throw new TRPCError({ code: 'UNAUTHORIZED', message: 'The token is missing or wrong.' });
      }
      authorized.add(res);
      return { operations };
    },
    onError({ error, path }) {
      if (error.code !== 'INTERNAL_SERVER_ERROR') return;
      warn(`The operation ${path ?? '?'} failed inside Outpost: ${error.cause?.stack ?? error.message}`);
    },
  });
  server.on('connection', (client) => {
    const timer = setTimeout(() => {
      if (!authorized.has(client)) client.close(4401, 'no token');
    }, TOKEN_WITHIN_MS);
    client.on('close', () => clearTimeout(timer));
    // 'close' follows; a client that breaks off is no news.
    client.on('error', () => client.terminate());
  });
  return {
    upgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request));
    },
    close() {
      handler.broadcastReconnectNotification();
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}
