import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { serveLocal } from '../../../electron/base/local-socket.ts';
import type { GatewayEvents, GatewayRequests, GatewayStatus } from '../../../electron/contract/route-table.ts';
import { GatewayLink } from '../../../electron/service/gateway/gateway-link.ts';
import { makeTempDir } from '../../fixtures/temp-dir.ts';
import { waitFor } from '../../fixtures/wait-for.ts';

async function makeGateway() {
  const address = path.join(makeTempDir(), 'gateway.sock');
  let asked = 0;
  const { promise: mayAnswer, resolve: letAnswer } = Promise.withResolvers<void>();
  const status = { version: 1, listen: [] } as unknown as GatewayStatus;
  const server = await serveLocal<GatewayRequests, GatewayEvents>(address, {
    async status() {
      asked++;
      await mayAnswer;
      return status;
    },
    reload: () => ({ version: 7 }),
  });
  if (!server.ok) throw new Error(server.error.message);
  const committed: number[] = [];
  let connections = 0;
  const link = new GatewayLink({
    address,
    onConnected: () => connections++,
    onCommitted: (newestId) => committed.push(newestId),
  });
  onTestFinished(async () => {
    link.close();
    await server.value.close();
  });
  return { link, server: server.value, committed, asked: () => asked, connections: () => connections, letAnswer };
}

it('makes one connection, however often it is told that the gateway runs', async () => {
  const { link, server, committed, asked, connections, letAnswer } = await makeGateway();
  link.expect(true);
  await waitFor(() => asked() > 0);
  link.expect(true);
  const reloaded = link.reload(30_000);
  letAnswer();
  expect(await reloaded).toEqual({ ok: true, value: 7 });
  server.broadcast('committed', { newestId: 5 });
  await waitFor(() => committed.length > 0);
  expect({ asked: asked(), connections: connections(), committed }).toEqual({
    asked: 1,
    connections: 1,
    committed: [5],
  });
});

it('keeps no connection that is made while it closes', async () => {
  const { link, asked, letAnswer } = await makeGateway();
  link.expect(true);
  await waitFor(() => asked() > 0);
  const reloaded = link.reload(30_000);
  link.close();
  letAnswer();
  expect(await reloaded).toMatchObject({ ok: false, error: { code: 'GATEWAY_NOT_RUNNING' } });
  expect(link.status()).toBeNull();
});
