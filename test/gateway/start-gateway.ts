import http from 'node:http';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../electron/base/clock.ts';
import type { RouteTable } from '../../electron/contract/route-table.ts';
import { Gateway } from '../../electron/gateway/gateway.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import type { LoggedRequest } from './fake-request-log.ts';
import { FakeRequestLog } from './fake-request-log.ts';
import { routeTable, TEST_KEY } from './route-table-fixture.ts';

export interface RunningGateway {
  readonly gateway: Gateway;
  readonly log: FakeRequestLog;
  readonly port: number;
  readonly warnings: string[];
  send(path: string, options?: SendOptions): ClientExchange;
  /** The row of a request once it is closed. */
  closedRow(requestId: string): Promise<LoggedRequest>;
}

export interface SendOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Null sends no key. */
  readonly key?: string | null;
}

/** A request of the test, with everything that has come back so far. */
export interface ClientExchange {
  readonly req: http.ClientRequest;
  readonly response: Promise<http.IncomingMessage>;
  /** Bytes of the answer so far. */
  received(): string;
  isComplete(): boolean;
  /** Resolves with the whole answer; rejects when the connection broke before its end. */
  readonly done: Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly requestId: string;
  json(): { error: { message: string; type: string; code: string; param: string | null } };
}

/** The gateway in this process, on a free port, with a log that the test controls. */
export async function startGateway(
  change: Partial<RouteTable> = {},
  log = new FakeRequestLog(),
): Promise<RunningGateway> {
  const warnings: string[] = [];
  const gateway = new Gateway({
    table: routeTable(change),
    log,
    clock: systemClock,
    warn: (event, message) => warnings.push(JSON.stringify({ ...event, message })),
  });
  const listening = await gateway.start();
  if (!listening.ok) throw new Error(listening.error.message);
  const port = listening.value[0]?.port ?? 0;
  onTestFinished(() => gateway.stop(0));
  return {
    gateway,
    log,
    port,
    warnings,
    send: (path, options) => send(port, path, options),
    closedRow: (requestId) =>
      waitFor(
        () => {
          const row = log.byRequestId(requestId);
          return row?.closed ? row : null;
        },
        { what: `the row of ${requestId}`, everyMs: 5 },
      ),
  };
}

export function send(
  port: number,
  path: string,
  { method = 'POST', body, headers = {}, key = TEST_KEY }: SendOptions = {},
): ClientExchange {
  const text =
    body === undefined ? undefined : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const chunks: Buffer[] = [];
  let isComplete = false;
  const req = http.request({
    host: '127.0.0.1',
    port,
    path,
    method,
    agent: false,
    headers: {
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
  });
  const response = new Promise<http.IncomingMessage>((resolve, reject) => {
    req.on('response', resolve);
    req.on('error', reject);
  });
  const done = response.then(
    (res) =>
      new Promise<Answer>((resolve, reject) => {
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          isComplete = true;
          const whole = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            body: whole,
            requestId: String(res.headers['x-request-id']),
            json: () => JSON.parse(whole) as ReturnType<Answer['json']>,
          });
        });
      }),
  );
  // A test that only watches need not await either.
  response.catch(() => undefined);
  done.catch(() => undefined);
  req.end(text);
  return { req, response, done, received: () => Buffer.concat(chunks).toString('utf8'), isComplete: () => isComplete };
}

export const chatBody = { model: 'demo-chat', messages: [{ role: 'user', content: 'hello' }] };
export const streamBody = { ...chatBody, stream: true, stream_options: { include_usage: true } };
