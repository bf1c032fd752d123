import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import fastify from 'fastify';
import type { ControlOperations } from '../../contract/control-api.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { fail, outpostError, succeed } from '../../contract/outpost-error.ts';
import { TRPC_PATH } from '../../contract/trpc-path.ts';
import type { ListenAddress } from '../ports/listen-address.ts';
import { servePages } from './pages.ts';
import { servePlayground } from './playground-proxy.ts';
import { allowedHosts, isAllowedHost, isAllowedOrigin } from './request-guard.ts';
import { securityHeaders } from './security-headers.ts';
import { createTrpcSocket } from './trpc-socket.ts';

export interface ControlServerParts {
  readonly listen: ListenAddress;
  readonly token: string;
  readonly operations: ControlOperations;
  readonly gatewayUrl: () => string | null;
  readonly gatewayKey: string;
  /** Folder of the built pages. */
  readonly pages: string;
  readonly warn: (message: string) => void;
}

export interface ControlServer {
  readonly address: ListenAddress;
  close(): Promise<void>;
}

const USE_KNOWN_ADDRESS = 'Open it under the address that "outpost serve" prints.';
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Starts the control server: the API over WebSocket, the pages for a browser, the Playground's way to the gateway.
 * Every request is checked for its Host, and those of pages for their Origin. Fails with PORT_IN_USE.
 */
export async function startControlServer(parts: ControlServerParts): Promise<Result<ControlServer>> {
  const server = fastify({
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    logger: false,
    routerOptions: { maxParamLength: 2000 },
  });
  const hosts = allowedHosts(parts.listen.host);
  const port = () => (server.server.address() as AddressInfo | null)?.port ?? parts.listen.port;

  server.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers;
    if (!isAllowedHost(host, hosts, port())) {
      return reply
        .code(421)
        .send({ error: outpostError('CONTROL_UNAUTHORIZED', refusedHost(host), USE_KNOWN_ADDRESS) });
    }
    if (!isAllowedOrigin(origin, host)) {
      return reply
        .code(403)
        .send({ error: outpostError('CONTROL_UNAUTHORIZED', refusedOrigin(origin), USE_KNOWN_ADDRESS) });
    }
    void reply.headers(securityHeaders(host ?? ''));
  });
  server.setErrorHandler((error: { statusCode?: number; message: string; stack?: string }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) parts.warn(error.stack ?? error.message);
    const message = status >= 500 ? 'The request failed inside Outpost.' : error.message;
    return reply.code(status).send({ error: outpostError(status >= 500 ? 'INTERNAL' : 'BAD_REQUEST', message) });
  });
  server.get('/healthz', async () => ({ service: 'outpost', pid: process.pid }));
  await servePlayground(server, parts);
  await servePages(server, parts.pages);

  const socket = createTrpcSocket(parts);
  server.server.on('upgrade', (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    const { host, origin } = request.headers;
    const path = request.url?.split('?')[0];
    if (path !== TRPC_PATH) return refuseUpgrade(connection, '404 Not Found');
    if (!isAllowedHost(host, hosts, port())) return refuseUpgrade(connection, '421 Misdirected Request');
    if (!isAllowedOrigin(origin, host)) return refuseUpgrade(connection, '403 Forbidden');
    socket.upgrade(request, connection, head);
  });

  try {
    await server.listen({ host: parts.listen.host, port: parts.listen.port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const where = `${parts.listen.host}:${parts.listen.port}`;
    if (code === 'EADDRINUSE') {
      return fail(
        'PORT_IN_USE',
        `The control API cannot listen on ${where}: another program uses that port.`,
        'Choose another address with --control, or use port 0 for a free one.',
      );
    }
    return fail('PORT_IN_USE', `The control API cannot listen on ${where}: ${message}.`, 'Choose another address.');
  }
  return succeed({
    address: { host: parts.listen.host, port: port() },
    async close() {
      socket.close();
      await server.close();
    },
  });
}

function refuseUpgrade(connection: Duplex, status: string): void {
  // The peer may be gone already.
  connection.on('error', () => connection.destroy());
  connection.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function refusedHost(host: string | undefined): string {
  return `This server is not known as "${(host ?? '').slice(0, 200)}".`;
}

function refusedOrigin(origin: string | undefined): string {
  return `Pages from "${(origin ?? '').slice(0, 200)}" may not use this server.`;
}
