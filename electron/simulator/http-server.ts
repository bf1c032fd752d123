import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { internalError, unknownPath, wrongMethod } from './api-error.ts';
import { isAuthorized, isGuarded } from './api-key-guard.ts';
import type { Clock } from './engine.ts';
import type { Exchange } from './http-exchange.ts';
import { sendError, sendJson } from './http-exchange.ts';
import type { HttpMetrics } from './http-metrics.ts';
import type { Log } from './log.ts';
import { formatAccessLine } from './log-lines.ts';

export interface Route {
  readonly path: string;
  readonly methods: readonly string[];
  readonly handle: (exchange: Exchange) => Promise<void> | void;
}

export interface HttpServerParts {
  readonly routes: readonly Route[];
  readonly apiKeys: readonly string[];
  readonly accessLog: boolean;
  readonly requestIdHeaders: boolean;
  readonly log: Log;
  readonly metrics: HttpMetrics;
  readonly now: Clock;
}

/** Routes that are polled all the time and stay out of the access log. */
const unlogged: ReadonlySet<string> = new Set(['/health', '/metrics', '/ping']);
/** vLLM's limit for the head of a request. */
const largestHeadBytes = 4 * 1024 * 1024;

export interface HttpServer {
  /** Not listening yet. */
  readonly server: Server;
  /** Stops listening, and closes every connection as soon as no answer is under way, or after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export function createHttpServer(parts: HttpServerParts): HttpServer {
  let answering = 0;
  const server = createServer(
    { maxHeaderSize: largestHeadBytes, keepAliveTimeout: 5000, requestTimeout: 0 },
    (request, response) => {
      answering += 1;
      response.on('close', () => {
        answering -= 1;
        if (answering === 0 && !server.listening) server.closeAllConnections();
      });
      serve(parts, request, response).catch((error: unknown) => {
        parts.log.raw('APIServer', `Exception in ASGI application\n${String(error)}`);
        response.destroy();
      });
    },
  );
  server.maxHeadersCount = 256;

  function close(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    if (answering === 0) server.closeAllConnections();
    // A client that does not read its last bytes must not hold this up for long.
    else setTimeout(() => server.closeAllConnections(), graceMs).unref();
    return closed;
  }
  return { server, close };
}

async function serve(parts: HttpServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const arrivedAtMs = parts.now();
  const target = request.url ?? '/';
  const path = target.split('?', 1)[0] ?? '/';
  const method = request.method ?? 'GET';
  const route = parts.routes.find((candidate) => candidate.path === path) ?? null;
  const client = `${request.socket.remoteAddress ?? ''}:${request.socket.remotePort ?? 0}`;
  const bytesBefore = request.socket.bytesWritten;
  response.on('close', () => {
    parts.metrics.record({
      handler: route?.path ?? 'none',
      method,
      status: response.statusCode,
      seconds: (parts.now() - arrivedAtMs) / 1000,
      requestBytes: Number(request.headers['content-length'] ?? 0),
      responseBytes: request.socket.bytesWritten - bytesBefore,
    });
  });
  response.setHeader('server', 'uvicorn');
  response.setHeader('x-outpost-simulated', 'true');
  const requestId = request.headers['x-request-id'];
  if (parts.requestIdHeaders && typeof requestId === 'string') response.setHeader('x-request-id', requestId);

  const exchange: Exchange = {
    request,
    response,
    arrivedAtMs,
    path,
    onHead(status, phrase) {
      if (parts.accessLog && !unlogged.has(path))
        parts.log.access(formatAccessLine(client, method, target, status, phrase));
    },
  };

  if (isGuarded(method, path) && !isAuthorized(request.headers.authorization, parts.apiKeys)) {
    sendJson(exchange, 401, { error: 'Unauthorized' });
  } else if (route === null) {
    sendError(exchange, unknownPath());
  } else if (!route.methods.includes(method)) {
    response.setHeader('allow', route.methods.join(', '));
    sendError(exchange, wrongMethod());
  } else {
    try {
      await route.handle(exchange);
    } catch (error) {
      parts.log.raw(
        'APIServer',
        `Exception in ASGI application\n${error instanceof Error ? error.stack : String(error)}`,
      );
      if (response.headersSent) response.destroy();
      else sendError(exchange, internalError('Internal Server Error'));
    }
  }
}
