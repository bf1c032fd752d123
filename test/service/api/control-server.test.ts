import http from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { WebSocket } from 'ws';
import { expect, it, onTestFinished } from 'vitest';
import type { ControlOperations } from '../../../electron/contract/control-api.ts';
import { startControlServer } from '../../../electron/service/api/control-server.ts';
import type { ControlRouter } from '../../../electron/service/api/router.ts';
import { makeTempDir } from '../../fixtures/temp-dir.ts';
import { waitFor } from '../../fixtures/wait-for.ts';

const token = 't'.repeat(43);

async function startServer(gatewayUrl: string | null = null) {
  const pages = makeTempDir();
  mkdirSync(path.join(pages, 'assets'));
  writeFileSync(path.join(pages, 'index.html'), '<!doctype html><title>Outpost</title>');
  writeFileSync(path.join(pages, 'assets', 'app-1a2b.js'), 'export {};');
  writeFileSync(path.join(pages, '..', 'outside.txt'), 'outside');
  // Only what these tests call; anything else would be a bug of the test.
  const operations = {
    status: async () => ({ site: 'Lab' }),
    events: async (limit: number) => [{ id: limit }],
    siteHistory: async () => {
      throw new Error('a bug with a secret in it');
    },
  } as unknown as ControlOperations;
  const warnings: string[] = [];
  const server = await startControlServer({
    listen: { host: '127.0.0.1', port: 0 },
    token,
    operations,
    gatewayUrl: () => gatewayUrl,
    gatewayKey: 'own-key',
    pages,
    warn: (message) => warnings.push(message),
  });
  if (!server.ok) throw new Error(server.error.message);
  onTestFinished(() => server.value.close());
  return { port: server.value.address.port, warnings };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(port: number, target: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path: target, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on('error', reject);
    request.end();
  });
}

function connect(port: number, given: string | null, headers: Record<string, string> = {}) {
  class HeaderSocket extends WebSocket {
    constructor(url: string) {
      super(url, { headers });
      // A refused connection is what some of these tests want.
      this.on('error', () => undefined);
    }
  }
  const socket = createWSClient({
    url: `ws://127.0.0.1:${port}/trpc`,
    connectionParams: () => (given === null ? {} : { token: given }),
    WebSocket: HeaderSocket as unknown as typeof globalThis.WebSocket,
    retryDelayMs: () => 60_000,
  });
  onTestFinished(() => void socket.close().catch(() => undefined));
  return createTRPCClient<ControlRouter>({ links: [wsLink({ client: socket })] });
}

it('answers over WebSocket to those who have the token', async () => {
  const { port } = await startServer();
  expect(await connect(port, token).status.query()).toEqual({ site: 'Lab' });
});

it.each([
  ['a wrong token', 'x'.repeat(43)],
  ['no token', null],
])('refuses %s', async (_what, given) => {
  const { port } = await startServer();
  // Without the client, which would wait for its next connection when this one ends before its question is sent.
  const socket = new WebSocket(`ws://127.0.0.1:${port}/trpc?connectionParams=1`);
  const answers: unknown[] = [];
  socket.on('message', (text) => answers.push(JSON.parse(String(text))));
  socket.on('open', () => {
    socket.send(JSON.stringify({ method: 'connectionParams', data: given === null ? {} : { token: given } }));
    socket.send(JSON.stringify({ id: 1, method: 'query', params: { path: 'status' } }));
  });
  await new Promise((resolve) => socket.once('close', resolve));
  expect(answers[0]).toMatchObject({ error: { data: { code: 'UNAUTHORIZED' } } });
  expect(JSON.stringify(answers)).not.toContain('"result"');
});

it('checks every input, and tells nothing of what fails inside', async () => {
  const { port, warnings } = await startServer();
  const client = connect(port, token);
  await expect(client.events.query({ limit: 0 })).rejects.toThrow();
  await expect(client.events.query({ limit: 5, more: 1 } as { limit: number })).rejects.toThrow();
  const failure = await client.site.history.query().catch((error: unknown) => error);
  expect(JSON.stringify(failure)).not.toMatch(/secret|\.ts:/);
  expect(warnings.join()).toContain('site.history');
});

function upgradeStatus(port: number, headers: Record<string, string>, target = '/trpc'): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${target}`, { headers });
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (_request, response) => {
      socket.terminate();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', () => undefined);
  });
}

it('lets only its own pages, the window and programs use the WebSocket', async () => {
  const { port } = await startServer();
  expect(await upgradeStatus(port, {})).toBe(101);
  expect(await upgradeStatus(port, { origin: 'app://outpost' })).toBe(101);
  expect(await upgradeStatus(port, { origin: `http://127.0.0.1:${port}` })).toBe(101);
  expect(await upgradeStatus(port, { origin: 'http://evil.example' })).toBe(403);
  expect(await upgradeStatus(port, { origin: 'null' })).toBe(403);
  expect(await upgradeStatus(port, { host: `evil.example:${port}` })).toBe(421);
  expect(await upgradeStatus(port, {}, '/elsewhere')).toBe(404);
});

it('refuses names that are re-bound to this machine, foreign pages and other ports', async () => {
  const { port } = await startServer();
  expect((await ask(port, '/healthz')).body).toBe(JSON.stringify({ service: 'outpost', pid: process.pid }));
  expect((await ask(port, '/healthz', { host: `localhost:${port}` })).status).toBe(200);
  expect((await ask(port, '/healthz', { host: `evil.example:${port}` })).status).toBe(421);
  expect((await ask(port, '/healthz', { host: `127.0.0.1:${port + 1}` })).status).toBe(421);
  expect((await ask(port, '/healthz', { origin: 'http://evil.example' })).status).toBe(403);
});

it('serves the pages with a strict policy, and nothing outside their folder', async () => {
  const { port } = await startServer();
  const page = await ask(port, '/servers/some-server/log');
  expect(page).toMatchObject({ status: 200, body: expect.stringContaining('Outpost') as string });
  expect(page.headers['content-security-policy']).toContain("script-src 'self';");
  expect(page.headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${port};`);
  expect(page.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  expect((await ask(port, '/assets/app-1a2b.js')).headers['cache-control']).toContain('immutable');
  expect((await ask(port, '/assets/none.js')).status).toBe(404);
  for (const target of [
    '/../outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '/assets/..%5c..%5coutside.txt',
  ]) {
    expect((await ask(port, target)).body).not.toBe('outside');
  }
});

async function startGateway(answer: (request: http.IncomingMessage, response: http.ServerResponse) => void) {
  const server = http.createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('passes the Playground on to the gateway with the key of the service, as it streams', async () => {
  let seen: http.IncomingMessage | null = null;
  let body = '';
  let sendRest = () => {};
  const gateway = await startGateway((request, response) => {
    seen = request;
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    response.writeHead(201, { 'content-type': 'text/event-stream', 'x-outpost-server': 'a' });
    response.write('data: 1\n\n');
    sendRest = () => response.end('data: 2\n\n');
  });
  const { port } = await startServer(gateway);
  const response = await fetch(`http://127.0.0.1:${port}/playground/v1/chat/completions?x=1`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', cookie: 'c=1' },
    body: '{"model":"m"}',
  });
  expect(response.status).toBe(201);
  expect(response.headers.get('x-outpost-server')).toBe('a');
  const reader = response.body?.getReader();
  const first = await reader?.read();
  expect(new TextDecoder().decode(first?.value)).toBe('data: 1\n\n');
  sendRest();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 2\n\n');
  expect(body).toBe('{"model":"m"}');
  expect(seen).toMatchObject({ url: '/v1/chat/completions?x=1', headers: { authorization: 'Bearer own-key' } });
  expect((seen as unknown as http.IncomingMessage).headers).not.toHaveProperty('cookie');
});

it('aborts at the gateway when the Playground leaves', async () => {
  let left = false;
  const gateway = await startGateway((_request, response) => {
    response.write('x');
    response.on('close', () => (left = true));
  });
  const { port } = await startServer(gateway);
  const abort = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}/playground/v1/models`, {
    headers: { authorization: `Bearer ${token}` },
    signal: abort.signal,
  });
  expect(response.status).toBe(200);
  abort.abort();
  await waitFor(() => left);
});

it('lets nobody use the Playground without the token, and only the window from another origin', async () => {
  const { port } = await startServer();
  expect((await ask(port, '/playground/v1/models')).status).toBe(401);
  expect((await ask(port, '/playground/v1/models', { authorization: 'Bearer wrong' })).status).toBe(401);
  const authorization = `Bearer ${token}`;
  expect((await ask(port, '/playground/v1/models', { authorization })).status).toBe(503);
  const preflight = await ask(port, '/playground/v1/models', { origin: 'app://outpost' }, 'OPTIONS');
  expect(preflight.status).toBe(204);
  expect(preflight.headers['access-control-allow-origin']).toBe('app://outpost');
  const foreign = await ask(port, '/playground/v1/models', { authorization, origin: 'http://evil.example' });
  expect(foreign.status).toBe(403);
  expect(foreign.headers).not.toHaveProperty('access-control-allow-origin');
});

it('says when another program has its port', async () => {
  const { port } = await startServer();
  const second = await startControlServer({
    listen: { host: '127.0.0.1', port },
    token,
    operations: {} as ControlOperations,
    gatewayUrl: () => null,
    gatewayKey: '',
    pages: makeTempDir(),
    warn: () => undefined,
  });
  expect(second).toMatchObject({ ok: false, error: { code: 'PORT_IN_USE' } });
});
