import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dataPaths, socketPath } from '../../electron/base/data-paths.ts';
import { connectLocal } from '../../electron/base/local-socket-client.ts';
import type { GatewayEvents, GatewayRequests } from '../../electron/contract/route-table.ts';
import type { RequestDetail } from '../../electron/contract/request-row.ts';
import { openRequestLogReader } from '../../electron/request-log/open-request-log-reader.ts';
import { runProgram } from '../fixtures/spawn-program.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { startSimulator } from '../simulator/start-simulator.ts';
import { routeServer, routeTable, TEST_KEY } from './route-table-fixture.ts';
import { chatBody, send } from './start-gateway.ts';
import { requestsFolder, startGatewayProgram, writeRouteTable } from './start-gateway-program.ts';

const CHAT = '/v1/chat/completions';

async function readRow(data: string, requestId: string): Promise<RequestDetail> {
  const reader = await openRequestLogReader(requestsFolder(data));
  if (!reader.ok) throw new Error(reader.error.message);
  try {
    const page = await reader.value.list({ filter: {}, limit: 200 });
    if (!page.ok) throw new Error(page.error.message);
    const row = page.value.rows.find((candidate) => candidate.request_id === requestId);
    if (!row) throw new Error(`no row ${requestId}`);
    const detail = await reader.value.get(row.id);
    if (!detail.ok) throw new Error(detail.error.message);
    return detail.value;
  } finally {
    await reader.value.close();
  }
}

async function connectGateway(data: string) {
  const client = await connectLocal<GatewayRequests, GatewayEvents>(socketPath(data, 'gateway'));
  if (!client.ok) throw new Error(client.error.message);
  onTestFinished(() => client.value.close());
  return client.value;
}

describe('the gateway program', () => {
  it('serves a model server and has every answered request in its log', async () => {
    const data = makeTempDir();
    const simulator = await startSimulator(['--api-key', 'engine-secret-1']);
    writeRouteTable(
      data,
      routeTable({ servers: [routeServer({ baseUrl: simulator.url, upstreamKey: 'engine-secret-1' })] }),
    );
    const { port, program } = await startGatewayProgram(data);

    const plain = await send(port, CHAT, { body: { ...chatBody, max_tokens: 5 } }).done;
    const { usage } = JSON.parse(plain.body) as { usage: { prompt_tokens: number } };
    expect(await readRow(data, plain.requestId)).toMatchObject({
      state: 'ok',
      http_status: 200,
      model: 'demo-chat',
      served_by: 'alpha',
      prompt_tokens: usage.prompt_tokens,
      completion_tokens: 5,
      finish_reason: 'length',
      response_body: plain.body,
      request_body: JSON.stringify({ ...chatBody, max_tokens: 5 }),
    });

    const stream = await send(port, `/features/duo_chat${CHAT}`, { body: { ...chatBody, max_tokens: 5, stream: true } })
      .done;
    expect(stream.body.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(stream.body).not.toContain('"usage"');
    const row = await readRow(data, stream.requestId);
    expect(row).toMatchObject({ feature: 'duo_chat', stream: true, completion_tokens: 5, response_body: stream.body });
    expect(row.ttft_ms).toBeGreaterThan(0);
    expect(row.duration_ms).toBeGreaterThanOrEqual(row.ttft_ms ?? Infinity);

    const embedding = await send(port, '/v1/embeddings', { body: { model: 'demo-chat', input: 'some text' } }).done;
    expect((await readRow(data, embedding.requestId)).prompt_tokens).toBeGreaterThan(0);
    const wrong = await send(port, CHAT, { body: chatBody, key: 'outpost_wrong_key' }).done;
    expect(await readRow(data, wrong.requestId)).toMatchObject({ state: 'rejected', http_status: 401, key: null });

    expect(await program.stop()).toEqual({ code: 0, signal: null });
    const written = [
      program.stdout(),
      program.stderr(),
      ...filesBelow(data).map((file) => readFileSync(file, 'latin1')),
    ];
    for (const secret of [TEST_KEY, 'outpost_wrong_key']) expect(written.join('\n')).not.toContain(secret);
  });

  it('acknowledges a new table, refuses an invalid one, and finds one by itself', async () => {
    const data = makeTempDir();
    writeRouteTable(data, routeTable());
    const { port, program } = await startGatewayProgram(data);
    const client = await connectGateway(data);
    writeRouteTable(data, routeTable({ version: 2, servers: [routeServer({ serves: ['second'] })] }));
    expect(await client.call('reload', {})).toEqual({ ok: true, value: { version: 2 } });
    const models = async () => (await send(port, '/v1/models', { method: 'GET' }).done).body;
    expect(await models()).toContain('"second"');

    writeFileSync(dataPaths(data).routeTable, '{"version":3}');
    expect(await client.call('reload', {})).toEqual({ ok: true, value: { version: 2 } });
    expect(await models()).toContain('"second"');
    await waitFor(() => program.stdout().includes('the new route table is refused'));

    writeRouteTable(data, routeTable({ version: 4, servers: [routeServer({ serves: ['fourth'] })] }));
    await waitFor(async () => (await models()).includes('"fourth"'), { what: 'the table to be found' });
    const status = await client.call('status', {});
    expect(status).toMatchObject({
      ok: true,
      value: { version: 4, listen: [{ host: '127.0.0.1', port }], logError: null, unrecorded: 0 },
    });
  });

  it('tells about commits, and makes its socket again when it vanished', async () => {
    const data = makeTempDir();
    writeRouteTable(data, routeTable());
    const { port } = await startGatewayProgram(data);
    const client = await connectGateway(data);
    const ids: number[] = [];
    client.on('committed', ({ newestId }) => ids.push(newestId));
    await send(port, '/v1/models', { method: 'GET' }).done;
    await waitFor(() => ids.length > 0);
    rmSync(socketPath(data, 'gateway'));
    const again = await waitFor(async () => {
      const client = await connectLocal<GatewayRequests, GatewayEvents>(socketPath(data, 'gateway'));
      return client.ok ? client.value : null;
    });
    expect((await again.call('status', {})).ok).toBe(true);
    again.close();
  });

  it('says which address is taken, and ends', async () => {
    const data = makeTempDir();
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as net.AddressInfo;
    writeRouteTable(data, routeTable({ listen: [{ host: '127.0.0.1', port }] }));
    const exit = await runProgram('gateway', { args: ['--data', data] });
    expect(exit.code).toBe(1);
    expect(exit.stderr).toContain(`cannot listen on 127.0.0.1:${port}`);
  });

  it('says what is wrong when it cannot start at all', async () => {
    const missing = await runProgram('gateway', { args: ['--data', makeTempDir()] });
    expect([missing.code, missing.stderr.includes('route table')]).toEqual([1, true]);
    expect((await runProgram('gateway')).code).toBe(2);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}
