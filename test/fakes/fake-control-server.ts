import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { TRPCError } from '@trpc/server';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { WebSocketServer } from 'ws';
import { PLAYGROUND_PATH } from '../../electron/contract/playground-path.ts';
import type { ControlOperations } from '../../electron/contract/control-api.ts';
import { fail } from '../../electron/contract/outpost-error.ts';
import { controlRouter } from '../../electron/service/api/router.ts';
import { createFakeOperations } from './fake-operations.ts';
import type { FakeOperations } from './fake-operations.ts';
import type { FakeSite } from './fake-site.ts';

type OperationName = keyof ControlOperations;

export interface FakeControlOptions {
  readonly site: FakeSite;
  /** Folder with the built renderer. */
  readonly rendererDir: string;
  readonly token?: string;
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** Operations that never answer. */
  readonly hold?: readonly OperationName[];
  /** Operations that fail for as long as they are listed: those with a `Result` refuse, the others throw. */
  readonly failing?: readonly OperationName[];
  /** What the playground proxy answers; a short stream when absent. */
  readonly playground?: (request: IncomingMessage, response: ServerResponse, body: string) => void;
}

export interface FakeControlServer extends FakeOperations {
  readonly control: string;
  readonly token: string;
  readonly port: number;
  /** Address to open in a browser, with the token. */
  url(page: string): string;
  close(): Promise<void>;
}

/** The policy that the real server sends as well. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.map': 'application/json',
  '.woff2': 'font/woff2',
};

/** Serves the built renderer and the real router on made-up operations. */
export async function startFakeControlServer(options: FakeControlOptions): Promise<FakeControlServer> {
  const token = options.token ?? 'test-token';
  const fake = createFakeOperations(options.site);
  const operations = misbehave(fake.operations, options);

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith(`${PLAYGROUND_PATH}/`)) return servePlayground(request, response);
    serveFile(options.rendererDir, url.pathname, response);
  });

  function servePlayground(request: IncomingMessage, response: ServerResponse) {
    if (request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"code":"CONTROL_UNAUTHORIZED"}}');
      return;
    }
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => (options.playground ?? answerShortStream)(request, response, body));
  }

  const sockets = new WebSocketServer({ server, path: '/trpc' });
  const handler = applyWSSHandler({
    wss: sockets,
    router: controlRouter,
    createContext: ({ info }) => {
      if (info.connectionParams?.['token'] !== token) throw new TRPCError({ code: 'UNAUTHORIZED' });
      return { operations };
    },
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const control = `http://127.0.0.1:${port}`;
  return {
    ...fake,
    control,
    token,
    port,
    url: (page) => `${control}${page}#token=${token}`,
    close: async () => {
      handler.broadcastReconnectNotification();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function misbehave(operations: ControlOperations, { hold = [], failing = [] }: FakeControlOptions): ControlOperations {
  const changed: Partial<Record<OperationName, unknown>> = {};
  for (const name of hold)
    changed[name] = name.startsWith('follow') ? () => undefined : () => new Promise(() => undefined);
  for (const name of failing) {
    const refuses = !plainOperations.has(name);
    const works = operations[name] as (...inputs: unknown[]) => unknown;
    changed[name] = async (...inputs: unknown[]) => {
      if (!failing.includes(name)) return works(...inputs);
      if (!refuses) throw new Error('The fake was told to fail.');
      return fail(
        'DISK_WRITE_FAILED',
        'The disk is full.',
        'Free some space, then try again.',
        'ENOSPC: no space left',
      );
    };
  }
  // Each changed operation never answers, fails, or is the one it stands for, so that its result type does not matter.
  return { ...operations, ...(changed as Partial<ControlOperations>) };
}

const plainOperations = new Set<OperationName>([
  'status',
  'site',
  'siteHistory',
  'validateSiteText',
  'engineCandidates',
  'events',
  'features',
  'models',
  'keys',
  'secrets',
]);

function answerShortStream(request: IncomingMessage, response: ServerResponse, body: string): void {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"object":"list","data":[]}');
    return;
  }
  const model = (JSON.parse(body) as { readonly model?: string }).model ?? 'demo-chat';
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'x-request-id': 'req-2026112400000002',
    'x-outpost-server': 'demo-chat',
  });
  for (const word of ['This ', 'answer ', 'is ', 'made ', 'up.']) {
    response.write(`data: ${JSON.stringify({ model, choices: [{ index: 0, delta: { content: word } }] })}\n\n`);
  }
  const usage = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };
  response.write(`data: ${JSON.stringify({ model, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`);
  response.write(`data: ${JSON.stringify({ model, choices: [], usage })}\n\n`);
  response.end('data: [DONE]\n\n');
}

function serveFile(rendererDir: string, pathname: string, response: ServerResponse): void {
  const asked = path.join(rendererDir, path.normalize(pathname));
  const found = asked.startsWith(rendererDir) && existsSync(asked) && statSync(asked).isFile();
  // Every address without a file is a page, which the renderer finds by itself.
  const file = found ? asked : path.join(rendererDir, 'index.html');
  response.writeHead(200, {
    'content-type': contentTypes[path.extname(file)] ?? 'application/octet-stream',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
  });
  createReadStream(file).pipe(response);
}
