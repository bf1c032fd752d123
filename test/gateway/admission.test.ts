import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../fixtures/wait-for.ts';
import { digestOf, routeServer, routeTable, TEST_KEY } from './route-table-fixture.ts';
import { sendJson, startUpstream } from './scripted-upstream.ts';
import type { RunningGateway, SendOptions } from './start-gateway.ts';
import { chatBody, startGateway } from './start-gateway.ts';

const CHAT = '/v1/chat/completions';

/** Sends bytes as they are and returns everything that comes back until the gateway closes or `until` matches. */
function sendRaw(port: number, bytes: string, until?: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      if (until?.test(received)) socket.destroy();
    });
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}

describe('refused requests', () => {
  const cases: readonly (readonly [string, string, SendOptions, number, string])[] = [
    ['no key', CHAT, { body: chatBody, key: null }, 401, 'key_missing'],
    ['a wrong key', CHAT, { body: chatBody, key: 'outpost_wrong' }, 401, 'key_invalid'],
    ['broken JSON', CHAT, { body: '{"model": "demo-chat", ' }, 400, 'invalid_json'],
    ['an empty body', CHAT, { body: '' }, 400, 'invalid_json'],
    ['no model', CHAT, { body: { messages: [] } }, 400, 'model_missing'],
    ['an unknown model', CHAT, { body: { model: 'nobody' } }, 404, 'model_unknown'],
    ['a disabled feature', `/features/code_review${CHAT}`, { body: chatBody }, 403, 'feature_disabled'],
    ['an unassigned feature', `/features/summarize${CHAT}`, { body: chatBody }, 404, 'feature_unassigned'],
    ['an unknown feature', `/features/nothing${CHAT}`, { body: chatBody }, 404, 'feature_unknown'],
    ['an unknown path', '/v2/chat', { body: chatBody }, 404, 'route_unknown'],
    ['a wrong method', CHAT, { method: 'PUT', body: chatBody }, 405, 'method_not_allowed'],
    ['OPTIONS', CHAT, { method: 'OPTIONS' }, 405, 'method_not_allowed'],
    [
      'a compressed body',
      CHAT,
      { body: chatBody, headers: { 'content-encoding': 'gzip' } },
      415,
      'unsupported_encoding',
    ],
    [
      'a broken form',
      '/v1/audio/transcriptions',
      { body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
      400,
      'bad_request',
    ],
    [
      'another kind of multipart body',
      '/v1/audio/transcriptions',
      { body: 'x', headers: { 'content-type': 'multipart/mixed; boundary=x' } },
      415,
      'unsupported_encoding',
    ],
    ['a body that is announced too large', CHAT, { body: 'x'.repeat(2_000_000) }, 413, 'request_too_large'],
    [
      'a WebSocket',
      '/v1/realtime',
      { method: 'GET', headers: { connection: 'Upgrade', upgrade: 'websocket' } },
      501,
      'websocket_unsupported',
    ],
  ];

  it.each(cases)('%s', async (_name, path, options, status, code) => {
    const gateway = await startGateway();
    const reply = await gateway.send(path, options).done;
    expect([reply.status, reply.json().error.code]).toEqual([status, code]);
    expect(reply.json().error).toMatchObject({
      type: 'outpost_error',
      message: expect.stringMatching(/Outpost|body|model/),
    });
    expect(reply.headers['x-outpost-server']).toBe('gateway');
    const row = await gateway.closedRow(reply.requestId);
    expect(row.closed).toMatchObject({
      state: 'rejected',
      httpStatus: status,
      errorCode: code.toUpperCase(),
      servedBy: null,
    });
    expect(row.closed?.error).toBeTruthy();
    expect(row.bodies?.responseBody?.toString()).toBe(reply.body);
    if (status === 405) expect(reply.headers.allow).toBe('POST');
    await waitFor(() => gateway.gateway.status().inFlight === 0);
  });

  it('say at which byte JSON is wrong, and keep the body for the record', async () => {
    const gateway = await startGateway();
    const reply = await gateway.send(CHAT, { body: '{"model": oops}' }).done;
    expect(reply.json().error.message).toContain('byte 10');
    expect((await gateway.closedRow(reply.requestId)).bodies?.requestBody?.toString()).toBe('{"model": oops}');
  });

  it('answer before their upload is read, when it is too large or unauthorized', async () => {
    const gateway = await startGateway();
    const head = `POST ${CHAT} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TEST_KEY}\r\n`;
    expect(await sendRaw(gateway.port, `${head}content-length: 99999999\r\n\r\n{`, /request_too_large/)).toMatch(
      /^HTTP\/1\.1 413/,
    );
    const expecting = `${head}content-length: 99999999\r\nexpect: 100-continue\r\n\r\n`;
    expect(await sendRaw(gateway.port, expecting, /request_too_large/)).toMatch(/^HTTP\/1\.1 413/);
  });

  it('a body that grows beyond the limit unannounced is cut', async () => {
    const gateway = await startGateway({
      limits: { maxBodyBytes: 100, firstByteTimeoutMs: 1000, idleTimeoutMs: 1000 },
    });
    const head = `POST ${CHAT} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TEST_KEY}\r\ntransfer-encoding: chunked\r\n\r\n`;
    const received = await sendRaw(gateway.port, `${head}200\r\n${'x'.repeat(512)}\r\n`, /request_too_large/);
    expect(received).toMatch(/^HTTP\/1\.1 413/);
  });

  it('what is no HTTP gets an answer too', async () => {
    const gateway = await startGateway();
    expect(await sendRaw(gateway.port, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [^]*"code":"bad_request"/);
    const smuggled = `POST ${CHAT} HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`;
    expect(await sendRaw(gateway.port, smuggled)).toMatch(/^HTTP\/1\.1 400/);
    const long = `GET /v1/models HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(70_000)}\r\n\r\n`;
    expect(await sendRaw(gateway.port, long)).toMatch(/^HTTP\/1\.1 431/);
  });

  it('in floods are counted into rows for many', async () => {
    const gateway = await startGateway();
    const count = 120;
    for (let sent = 0; sent < count; sent += 20) {
      await Promise.all(
        Array.from({ length: 20 }, () => gateway.send('/v1/models', { method: 'GET', key: 'wrong' }).done),
      );
    }
    await gateway.gateway.stop(0);
    const rows = [...gateway.log.rows.values()];
    expect(rows.reduce((sum, row) => sum + (row.closed?.count ?? 0), 0)).toBe(count);
    // On a slow machine they may not come fast enough to be a flood in every second.
    expect(rows.length).toBeLessThanOrEqual(count);
  });
});

describe('allowed requests', () => {
  it('may wait to be invited', async () => {
    const upstream = await startUpstream(({ socket }) => sendJson(socket, { ok: true }));
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const body = JSON.stringify(chatBody);
    const head = `POST ${CHAT} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TEST_KEY}\r\nexpect: 100-continue\r\n`;
    const received = await new Promise<string>((resolve) => {
      const socket = net.connect(gateway.port, '127.0.0.1', () =>
        socket.write(`${head}content-length: ${body.length}\r\n\r\n`),
      );
      let text = '';
      socket.setEncoding('latin1').on('data', (part: string) => {
        text += part;
        if (text === 'HTTP/1.1 100 Continue\r\n\r\n') socket.write(body);
        if (text.includes('{"ok":true}')) socket.destroy();
      });
      socket.on('close', () => resolve(text));
    });
    expect(received).toContain('HTTP/1.1 200 OK');
  });

  it('of a restricted key reach its models only', async () => {
    const upstream = await startUpstream(({ socket }) => sendJson(socket, { ok: true }));
    const gateway = await startGateway({
      keys: [{ name: 'narrow', sha256: digestOf('narrow'), models: ['demo-code'] }],
      servers: [routeServer({ baseUrl: upstream.baseUrl, serves: ['demo-chat', 'demo-code'] })],
    });
    const key = 'narrow';
    expect((await gateway.send(CHAT, { body: { ...chatBody, model: 'demo-code' }, key }).done).status).toBe(200);
    const refused = await gateway.send(CHAT, { body: chatBody, key }).done;
    expect([refused.status, refused.json().error.code]).toEqual([403, 'model_not_allowed']);
    expect(await gateway.closedRow(refused.requestId)).toMatchObject({ key: 'narrow', modelAsked: 'demo-chat' });
  });
});

describe('the list of models', () => {
  const names = async (gateway: RunningGateway, path: string, key: string) => {
    const reply = await gateway.send(path, { method: 'GET', key }).done;
    return (JSON.parse(reply.body) as { data: { id: string }[] }).data.map((model) => model.id);
  };

  it('is what the key may use; of a feature, its one model', async () => {
    const gateway = await startGateway({
      keys: [...routeTable().keys, { name: 'narrow', sha256: digestOf('narrow'), models: ['demo-code'] }],
      servers: [routeServer({ serves: ['demo-chat', 'demo-code'] })],
    });
    expect(await names(gateway, '/v1/models', TEST_KEY)).toEqual(['demo-chat', 'demo-code']);
    expect(await names(gateway, '/v1/models', 'narrow')).toEqual(['demo-code']);
    expect(await names(gateway, '/features/duo_chat/v1/models', TEST_KEY)).toEqual(['demo-chat']);
    const one = await gateway.send('/v1/models/demo-code', { method: 'GET' }).done;
    expect(JSON.parse(one.body)).toMatchObject({ id: 'demo-code', object: 'model' });
    expect((await gateway.closedRow(one.requestId)).closed).toMatchObject({ state: 'ok', httpStatus: 200 });
    const hidden = await gateway.send('/v1/models/demo-chat', { method: 'GET', key: 'narrow' }).done;
    expect(hidden.status).toBe(404);
    const head = await gateway.send('/v1/models', { method: 'HEAD' }).done;
    expect([head.status, head.body]).toEqual([200, '']);
  });
});

describe('probes', () => {
  it('need no key and leave no row', async () => {
    const gateway = await startGateway();
    for (const path of ['/health', '/ready', '/metrics']) {
      expect((await gateway.send(path, { method: 'GET', key: null }).done).status).toBe(200);
    }
    expect(gateway.log.rows.size).toBe(0);
  });

  it('count requests by what became of them', async () => {
    const gateway = await startGateway();
    await gateway.send('/v1/models', { method: 'GET' }).done;
    await gateway.send('/v1/models', { method: 'GET', key: 'wrong' }).done;
    const page = (await gateway.send('/metrics', { method: 'GET', key: null }).done).body;
    expect(page).toContain('status="2xx",state="ok"} 1');
    expect(page).toContain('status="4xx",state="rejected"} 1');
  });
});

describe('a log that cannot be written', () => {
  it('has everything refused, counted, and summarized once it works again', async () => {
    const upstream = await startUpstream(({ socket }) => sendJson(socket, { ok: true }));
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    gateway.log.error = 'no space left on device';
    for (let sent = 0; sent < 3; sent += 1) {
      const reply = await gateway.send(CHAT, { body: chatBody }).done;
      expect([reply.status, reply.json().error.code]).toEqual([503, 'gateway_record_failed']);
      expect(reply.headers['retry-after']).toMatch(/^\d+$/);
    }
    expect(upstream.requests).toHaveLength(0);
    expect((await gateway.send('/ready', { method: 'GET' }).done).status).toBe(503);
    expect((await gateway.send('/metrics', { method: 'GET' }).done).body).toContain(
      'outpost_gateway_unrecorded_total 3',
    );
    const before = gateway.log.rows.size;
    await gateway.gateway.tick();
    await gateway.gateway.tick();
    expect(gateway.log.rows.size).toBe(before);
    gateway.log.error = null;
    await gateway.gateway.tick();
    await gateway.gateway.tick();
    expect(gateway.log.rows.size).toBe(before + 1);
    const summaries = [...gateway.log.rows.values()].filter((row) => row.closed !== null);
    expect(summaries).toHaveLength(1);
    expect(summaries[0]?.closed).toMatchObject({
      count: 3,
      state: 'rejected',
      httpStatus: 503,
      errorCode: 'GATEWAY_RECORD_FAILED',
    });
    await gateway.gateway.tick();
    expect([...gateway.log.rows.values()].filter((row) => row.closed !== null)).toHaveLength(1);
    expect((await gateway.send(CHAT, { body: chatBody }).done).status).toBe(200);
  });
});

describe('a new route table', () => {
  it('applies to the next request, while running ones go on', async () => {
    const upstream = await startUpstream(({ socket }, index) => {
      if (index > 0) sendJson(socket, { ok: true });
    });
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const running = gateway.send(CHAT, { body: chatBody });
    const first = await upstream.request(0);
    gateway.gateway.apply(
      routeTable({ version: 2, servers: [routeServer({ serves: ['other'], baseUrl: upstream.baseUrl })] }),
    );
    expect(gateway.gateway.status().version).toBe(2);
    expect(gateway.log.settings).toHaveLength(1);
    expect((await gateway.send(CHAT, { body: chatBody }).done).status).toBe(404);
    expect((await gateway.send(CHAT, { body: { ...chatBody, model: 'other' } }).done).status).toBe(200);
    sendJson(first.socket, { late: true });
    expect((await running.done).body).toBe('{"late":true}');
  });
});

describe('stopping', () => {
  it('lets running requests finish, and cuts and records those that take too long', async () => {
    const upstream = await startUpstream(({ socket, body }) => {
      if (body.includes('quick')) setTimeout(() => sendJson(socket, { ok: true }), 100);
    });
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const quick = gateway.send(CHAT, { body: { ...chatBody, user: 'quick' } });
    const endless = gateway.send(CHAT, { body: chatBody });
    await upstream.request(1);
    await gateway.gateway.stop(1000);
    expect((await quick.done).status).toBe(200);
    const cut = await endless.done;
    expect([cut.status, cut.json().error.code]).toEqual([503, 'gateway_stopping']);
    expect((await gateway.closedRow(cut.requestId)).closed).toMatchObject({
      state: 'error',
      errorCode: 'GATEWAY_STOPPING',
    });
    expect(gateway.log.isShutDown).toBe(true);
    await expect(gateway.send('/health', { method: 'GET' }).done).rejects.toThrow('ECONNREFUSED');
  });
});
