import http from 'node:http';
import type { Duplex } from 'node:stream';
import type { Result } from '../contract/outpost-error.ts';
import { fail, outpostError, succeed } from '../contract/outpost-error.ts';
import { errorBody } from './error-body.ts';
import type { GatewayContext } from './gateway-context.ts';
import { handleRequest } from './handle-request.ts';
import { requestIdOf } from './request-id.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** A client may think for this long between two requests. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_TIMEOUT_MS = 30_000;
/** For the whole request to arrive, uploads of images included. */
const REQUEST_TIMEOUT_MS = 300_000;
const MAX_HEADER_BYTES = 64 * 1024;

/** Makes the HTTP server of one address; it does not listen yet. */
export function createGatewayServer(context: GatewayContext): http.Server {
  const server = http.createServer(
    {
      noDelay: true,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      connectionsCheckingInterval: 5_000,
      requireHostHeader: false,
    },
    (req, res) => handleRequest(context, req, res, false),
  );
  server.on('checkContinue', (req: http.IncomingMessage, res: http.ServerResponse) =>
    handleRequest(context, req, res, true),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuseMalformed(error, socket));
  return server;
}

/** Listens; the error PORT_IN_USE names the address. */
export function listen(server: http.Server, { host, port }: ListenAddress): Promise<Result<ListenAddress>> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const what = error.code === 'EADDRINUSE' ? 'it is in use by another program' : error.message;
      resolve(
        fail(
          'PORT_IN_USE',
          `The gateway cannot listen on ${host}:${port}: ${what}.`,
          'Free the address, or change gateway.listen in the site file.',
        ),
      );
    });
    server.listen({ host, port, backlog: 1024 }, () => {
      const address = server.address();
      resolve(succeed({ host, port: typeof address === 'object' && address !== null ? address.port : port }));
    });
  });
}

/** Answers what is no HTTP request at all, or one whose head is too large or too slow. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, what] = describeMalformed(error.code);
  const body = errorBody(outpostError('BAD_REQUEST', `Outpost's gateway could not read the request: ${what}.`));
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `x-request-id: ${requestIdOf(undefined)}\r\nx-outpost-server: gateway\r\nconnection: close\r\n\r\n${body}`,
  );
}

function describeMalformed(code: string | undefined): readonly [string, string] {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return ['431 Request Header Fields Too Large', `its headers are larger than ${MAX_HEADER_BYTES} bytes`];
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return ['408 Request Timeout', 'it did not arrive in time'];
  return ['400 Bad Request', 'it is not well-formed HTTP'];
}
