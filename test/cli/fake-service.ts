import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TRPCError } from '@trpc/server';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { dataPaths } from '../../electron/base/data-paths.ts';
import type { ControlOperations } from '../../electron/contract/control-api.ts';
import { controlRouter } from '../../electron/service/api/router.ts';

export interface FakeService {
  readonly control: string;
  /** Closes every connection and listens no more, as a service does that ends. */
  stop(): Promise<void>;
}

const TOKEN = 'test-token';

/**
 * The real router over a real WebSocket, with operations that a test writes by hand, described in `data` as a running
 * service is. Operations that the test does not give fail.
 */
export async function startFakeService(
  data: string,
  operations: Partial<ControlOperations>,
  { token = TOKEN, port = 0 }: { readonly token?: string; readonly port?: number } = {},
): Promise<FakeService> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, path: '/trpc' });
  applyWSSHandler({
    wss: sockets,
    router: controlRouter,
    keepAlive: { enabled: true, pingMs: 5000, pongWaitMs: 5000 },
    createContext: ({ info }) => {
      if (info.connectionParams?.['token'] !== TOKEN) {
        throw new TRPCError({ code: 'UNAUTHORIZED', message: 'The token is wrong.' });
      }
      return { operations: completed(operations) };
    },
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const control = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const paths = dataPaths(data);
  mkdirSync(paths.runtime, { recursive: true });
  // This process stands for the service: it lives.
  writeFileSync(paths.serviceFile, JSON.stringify({ pid: process.pid, version: '0.0.0', control, startedAtMs: 1 }));
  writeFileSync(paths.token, `${token}\n`);

  let stopped = false;
  async function stop(): Promise<void> {
    if (stopped) return;
    stopped = true;
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    await new Promise((resolve) => server.close(resolve));
  }
  onTestFinished(stop);
  return { control, stop };
}

function completed(operations: Partial<ControlOperations>): ControlOperations {
  return new Proxy(operations, {
    get: (target, name) =>
      Reflect.get(target, name) ??
      (() => {
        throw new Error(`The test gives no operation ${String(name)}.`);
      }),
  }) as ControlOperations;
}
