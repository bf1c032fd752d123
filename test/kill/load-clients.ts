import http from 'node:http';
import { TEST_KEY } from '../gateway/route-table-fixture.ts';
import type { LedgerEntry } from './ledger.ts';
import { hashOf } from './ledger.ts';

export const loadKinds = ['json', 'stream', 'large', 'cancelled', 'list'] as const;
export type LoadKind = (typeof loadKinds)[number];

export interface LoadClients {
  /** Requests whose answer was seen complete. */
  readonly ledger: readonly LedgerEntry[];
  /** Requests sent, by kind. */
  readonly sent: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/** Clients that send one request after the other to whatever port the gateway has at the moment. */
export function startLoad(port: () => number | null, clients: number): LoadClients {
  const ledger: LedgerEntry[] = [];
  const sent: Record<string, number> = {};
  let isStopped = false;
  let serial = 0;

  async function work(client: number): Promise<void> {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    while (!isStopped) {
      const target = port();
      if (target === null) {
        await pause(5);
        continue;
      }
      serial += 1;
      const kind = loadKinds[(serial + client) % loadKinds.length] as LoadKind;
      sent[kind] = (sent[kind] ?? 0) + 1;
      const entry = await sendOne(agent, target, kind, `load-${serial}`);
      if (entry !== null) ledger.push(entry);
      await pause(2);
    }
    agent.destroy();
  }

  const working = Array.from({ length: clients }, (_, client) => work(client));
  return {
    ledger,
    sent,
    async stop() {
      isStopped = true;
      await Promise.all(working);
    },
  };
}

/** Sends one request; null when its answer was not seen complete. */
function sendOne(agent: http.Agent, port: number, kind: LoadKind, requestId: string): Promise<LedgerEntry | null> {
  const body = kind === 'list' ? '' : JSON.stringify(requestBody(kind, requestId));
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    let isSettled = false;
    const settle = (status: number | null, answer: Buffer) => {
      if (isSettled) return;
      isSettled = true;
      const seen = { requestId, kind, requestHash: body === '' ? null : hashOf(body), responseHash: hashOf(answer) };
      resolve(status === null ? null : { ...seen, status });
    };
    const req = http.request(
      {
        host: '127.0.0.1',
        port,
        agent,
        method: kind === 'list' ? 'GET' : 'POST',
        path: kind === 'list' ? '/v1/models' : '/v1/chat/completions',
        headers: {
          authorization: `Bearer ${TEST_KEY}`,
          'x-request-id': requestId,
          ...(body === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        },
      },
      (res) => {
        const status = res.statusCode ?? 0;
        res.on('data', (chunk: Buffer) => {
          received = Buffer.concat([received, chunk]);
          if (kind === 'cancelled') {
            settle(null, received);
            req.destroy();
            return;
          }
          // To its client a stream is complete with the terminal event, whatever becomes of the connection.
          const end = kind === 'stream' ? received.indexOf('data: [DONE]\n\n') : -1;
          if (end >= 0) settle(status, received.subarray(0, end + 14));
        });
        res.on('end', () => settle(res.complete && status === 200 && kind !== 'stream' ? status : null, received));
        res.on('error', () => settle(null, received));
      },
    );
    req.on('error', () => settle(null, received));
    req.on('close', () => settle(null, received));
    req.end(body);
  });
}

function requestBody(kind: LoadKind, requestId: string): object {
  const content = kind === 'large' ? `${requestId} ${'lorem ipsum '.repeat(15_000)}` : requestId;
  const isStream = kind === 'stream' || kind === 'cancelled';
  return { model: 'demo-chat', messages: [{ role: 'user', content }], ...(isStream ? { stream: true } : {}) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
