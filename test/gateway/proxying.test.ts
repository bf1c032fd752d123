import { describe, expect, it } from 'vitest';
import { waitFor } from '../fixtures/wait-for.ts';
import { routeServer } from './route-table-fixture.ts';
import { beginStream, closedPort, endStream, sendChunk, sendJson, startUpstream } from './scripted-upstream.ts';
import { chatBody, startGateway, streamBody } from './start-gateway.ts';

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (content: string, finish: string | null = null) =>
  event({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] });
const usage = event({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 2 } });
const DONE = 'data: [DONE]\n\n';
const answer = {
  choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 7, completion_tokens: 2 },
};

describe('plain answers', () => {
  it('pass unchanged, and the request too, with the request id on all sides', async () => {
    const upstream = await startUpstream(({ socket }) => sendJson(socket, answer));
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl, upstreamKey: 'up' })] });
    const text = '{ "model":"demo-chat" ,"messages":[{"role":"user","content":"h\\u00e9llo"}] }';
    const reply = await gateway.send('/v1/chat/completions?x=1', { body: text, headers: { 'x-request-id': 'mine-1' } })
      .done;
    expect(reply.body).toBe(JSON.stringify(answer));
    expect(reply.headers).toMatchObject({ 'x-request-id': 'mine-1', 'x-outpost-server': 'alpha' });
    const asked = await upstream.request(0);
    expect(asked.body).toBe(text);
    expect(asked.head).toMatch(/^POST \/v1\/chat\/completions\?x=1 HTTP\/1\.1/);
    expect(asked.head).toMatch(/^x-request-id: mine-1$/im);
    expect(asked.head).toMatch(/^authorization: Bearer up$/im);
    expect(asked.head).not.toContain('outpost_test_key');
    const row = await gateway.closedRow('mine-1');
    expect(row).toMatchObject({
      key: 'tester',
      modelAsked: 'demo-chat',
      feature: null,
      stream: false,
      route: '/v1/chat/completions?x=1',
    });
    expect(row.closed).toMatchObject({
      state: 'ok',
      httpStatus: 200,
      servedBy: 'alpha',
      modelServed: 'demo-chat',
      promptTokens: 7,
      completionTokens: 2,
      finishReason: 'stop',
      retries: 0,
    });
    expect(row.bodies?.requestBody?.toString()).toBe(text);
    expect(row.bodies?.responseBody?.toString()).toBe(JSON.stringify(answer));
    expect(row.bodies).toMatchObject({ promptText: 'héllo', answerText: 'Hi' });
    expect(JSON.stringify([...gateway.log.rows.values()])).not.toContain('outpost_test_key');
  });

  it('of a feature come from the assigned model, whatever was asked, with all other bytes kept', async () => {
    const upstream = await startUpstream(({ socket }) => sendJson(socket, answer));
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const reply = await gateway.send('/features/duo_chat/v1/completions', {
      body: '{"prompt":"x",  "model" : "gpt-9"}',
    }).done;
    expect(reply.status).toBe(200);
    expect((await upstream.request(0)).body).toBe('{"prompt":"x",  "model" : "demo-chat"}');
    expect(await gateway.closedRow(reply.requestId)).toMatchObject({ feature: 'duo_chat', modelAsked: 'gpt-9' });
  });

  it('of any size arrive whole, in pieces and with back-pressure', async () => {
    const big = `{"data":"${'x'.repeat(3_000_000)}","usage":{"prompt_tokens":4}}`;
    const upstream = await startUpstream(({ socket }) => sendJson(socket, big));
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const reply = await gateway.send('/v1/embeddings', { body: { model: 'demo-chat', input: 'x' } }).done;
    expect(reply.body === big).toBe(true);
    const row = await gateway.closedRow(reply.requestId);
    expect(row.bodies?.responseBody?.length).toBe(big.length);
    expect(row.closed?.promptTokens).toBe(4);
  });

  it('wait for the commit of their row, headers included', async () => {
    const upstream = await startUpstream(({ socket }) => sendJson(socket, answer));
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    gateway.log.holdsCommits = true;
    const client = gateway.send('/v1/chat/completions', { body: chatBody });
    await waitFor(() => gateway.log.waitingCommits === 1);
    let hasHeaders = false;
    void client.response.then(() => (hasHeaders = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(hasHeaders).toBe(false);
    gateway.log.commitAll();
    expect((await client.done).body).toBe(JSON.stringify(answer));
  });

  it('become a 503 when the commit fails before anything was sent', async () => {
    const upstream = await startUpstream(({ socket }) => sendJson(socket, answer));
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    gateway.log.holdsCommits = true;
    const client = gateway.send('/v1/chat/completions', { body: chatBody });
    await waitFor(() => gateway.log.waitingCommits === 1);
    gateway.log.failAll();
    const reply = await client.done;
    expect(reply.status).toBe(503);
    expect(reply.json().error.code).toBe('gateway_record_failed');
  });

  it('hold their last bytes when they are long, and break off when the commit fails', async () => {
    const upstream = await startUpstream(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 10\r\n\r\n01234');
    });
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    gateway.log.holdsCommits = true;
    const client = gateway.send('/v1/chat/completions', { body: chatBody });
    const { socket } = await upstream.request(0);
    await new Promise((resolve) => setImmediate(resolve));
    socket.write('567');
    await waitFor(() => client.received() !== '');
    socket.write('89');
    await waitFor(() => gateway.log.waitingCommits === 1);
    expect(client.isComplete()).toBe(false);
    expect(client.received().length).toBeLessThan(10);
    gateway.log.failAll();
    await expect(client.done).rejects.toThrow();
  });

  it('are served unrecorded, and counted, when durability is relaxed', async () => {
    const upstream = await startUpstream(({ socket }) => sendJson(socket, answer));
    const { log } = routeServerLog('relaxed');
    const gateway = await startGateway({ log, servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    gateway.log.error = 'disk full';
    expect((await gateway.send('/v1/chat/completions', { body: chatBody }).done).status).toBe(200);
    expect(gateway.gateway.status().unrecorded).toBe(1);
  });
});

describe('streams', () => {
  it('pass event by event; the terminal event and the end wait for the commit', async () => {
    const upstream = await startUpstream(({ socket }) => beginStream(socket));
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    gateway.log.holdsCommits = true;
    const client = gateway.send('/v1/chat/completions', { body: streamBody });
    const { socket } = await upstream.request(0);
    expect((await client.response).headers).toMatchObject({ 'x-outpost-server': 'alpha' });
    let expected = '';
    for (const part of [delta('He'), delta('llo', 'stop'), usage]) {
      sendChunk(socket, part);
      expected += part;
      await waitFor(() => client.received() === expected, { everyMs: 1 });
    }
    sendChunk(socket, DONE);
    endStream(socket);
    await waitFor(() => gateway.log.waitingCommits === 1);
    expect(client.received()).toBe(expected);
    gateway.log.commitAll();
    const reply = await client.done;
    expect(reply.body).toBe(expected + DONE);
    const row = await gateway.closedRow(reply.requestId);
    expect(row.closed).toMatchObject({ state: 'ok', promptTokens: 7, completionTokens: 2, finishReason: 'stop' });
    expect(row.closed?.ttftMs).toBeGreaterThan(0);
    expect(row.bodies?.responseBody?.toString()).toBe(expected + DONE);
    expect(row.bodies?.chunkTimesMs).toHaveLength(4);
  });

  it('come out byte for byte, wherever the bytes are split', async () => {
    const whole = Buffer.from(delta('é😀') + delta('x', 'stop') + usage + DONE);
    let cut = 0;
    const upstream = await startUpstream(({ socket }) => {
      beginStream(socket);
      sendChunk(socket, whole.subarray(0, cut));
      setImmediate(() => {
        sendChunk(socket, whole.subarray(cut));
        endStream(socket);
      });
    });
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    for (cut = 0; cut <= whole.length; cut += 1) {
      const reply = await gateway.send('/v1/chat/completions', { body: streamBody }).done;
      expect(reply.body).toBe(whole.toString());
      expect((await gateway.closedRow(reply.requestId)).bodies?.responseBody?.toString()).toBe(whole.toString());
    }
  });

  it('end with an error event and without a terminal one when the commit fails', async () => {
    const upstream = await startUpstream(({ socket }) => {
      beginStream(socket);
      sendChunk(socket, delta('x', 'stop') + DONE);
      endStream(socket);
    });
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    gateway.log.holdsCommits = true;
    const client = gateway.send('/v1/chat/completions', { body: streamBody });
    await waitFor(() => gateway.log.waitingCommits === 1);
    gateway.log.failAll();
    const { body } = await client.done;
    expect(body).toContain('gateway_record_failed');
    expect(body).not.toContain('[DONE]');
  });

  it('without a terminal event have their end held', async () => {
    const upstream = await startUpstream(({ socket }) => {
      beginStream(socket);
      sendChunk(socket, delta('x'));
      endStream(socket);
    });
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    gateway.log.holdsCommits = true;
    const client = gateway.send('/v1/chat/completions', { body: streamBody });
    await waitFor(() => gateway.log.waitingCommits === 1 && client.received() === delta('x'));
    expect(client.isComplete()).toBe(false);
    gateway.log.commitAll();
    expect((await client.done).body).toBe(delta('x'));
  });

  it('are asked for token counts, which a client that did not ask never sees', async () => {
    const upstream = await startUpstream(({ socket }) => {
      beginStream(socket);
      sendChunk(socket, delta('x', 'stop') + usage + DONE);
      endStream(socket);
    });
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const reply = await gateway.send('/v1/chat/completions', { body: { ...chatBody, stream: true } }).done;
    expect(JSON.parse((await upstream.request(0)).body)).toMatchObject({ stream_options: { include_usage: true } });
    expect(reply.body).toBe(delta('x', 'stop') + DONE);
    expect((await gateway.closedRow(reply.requestId)).closed).toMatchObject({ promptTokens: 7, completionTokens: 2 });
  });

  it('that the model server breaks off end with an error event that names it', async () => {
    const upstream = await startUpstream(({ socket }) => {
      beginStream(socket);
      sendChunk(socket, delta('a') + delta('b') + 'data: {"half');
      setImmediate(() => socket.destroy());
    });
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const reply = await gateway.send('/v1/chat/completions', { body: streamBody }).done;
    expect(reply.body.startsWith(delta('a') + delta('b'))).toBe(true);
    expect(reply.body).not.toContain('[DONE]');
    expect(reply.body).toMatch(/data: \{"error":\{"message":"The model server \\"alpha\\" broke .*after 2 events/);
    expect((await gateway.closedRow(reply.requestId)).closed).toMatchObject({
      state: 'error',
      errorCode: 'UPSTREAM_BROKE',
      error: expect.stringContaining('after 2 events'),
    });
  });

  it('that report an error themselves are recorded as failed', async () => {
    const upstream = await startUpstream(({ socket }) => {
      beginStream(socket);
      sendChunk(socket, delta('a') + event({ error: { message: 'engine died', code: 500 } }) + DONE);
      endStream(socket);
    });
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const reply = await gateway.send('/v1/chat/completions', { body: streamBody }).done;
    expect(reply.body).toContain('engine died');
    expect((await gateway.closedRow(reply.requestId)).closed).toMatchObject({
      state: 'error',
      error: expect.stringContaining('engine died'),
    });
  });

  it('let the model server wait for a client that does not read', async () => {
    const piece = delta('x'.repeat(20_000));
    let sent = 0;
    const upstream = await startUpstream(({ socket }) => {
      beginStream(socket);
      const pump = () => {
        while (sent < 3000 && !socket.destroyed) {
          sent += 1;
          sendChunk(socket, piece);
          if (socket.writableNeedDrain) return void socket.once('drain', pump);
        }
        sendChunk(socket, DONE);
        endStream(socket);
      };
      pump();
    });
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const client = gateway.send('/v1/chat/completions', { body: streamBody });
    const response = await client.response;
    response.pause();
    let before = -1;
    await waitFor(
      () => {
        const isStill = sent === before;
        before = sent;
        return isStill;
      },
      { everyMs: 300, what: 'the model server to be held up' },
    );
    expect(sent).toBeLessThan(3000);
    response.resume();
    expect((await client.done).body).toHaveLength(piece.length * 3000 + DONE.length);
  });
});

describe('clients that stop reading', () => {
  it('are cut off, and their request ends at the model server', async () => {
    const piece = delta('x'.repeat(60_000));
    const upstream = await startUpstream(({ socket }) => {
      beginStream(socket);
      const pump = () => {
        while (!socket.destroyed && !socket.writableNeedDrain) sendChunk(socket, piece);
        socket.once('drain', pump);
      };
      pump();
    });
    const gateway = await startGateway({
      servers: [routeServer({ baseUrl: upstream.baseUrl })],
      limits: { maxBodyBytes: 1000, firstByteTimeoutMs: 5000, idleTimeoutMs: 1500 },
    });
    const client = gateway.send('/v1/chat/completions', { body: streamBody, headers: { 'x-request-id': 'stuck-1' } });
    (await client.response).pause();
    expect((await gateway.closedRow('stuck-1')).closed).toMatchObject({ state: 'cancelled' });
    const { socket } = await upstream.request(0);
    await waitFor(() => socket.destroyed);
  });
});

describe('clients that leave', () => {
  it('end the request at the model server, and are recorded as cancelled', async () => {
    const upstream = await startUpstream(({ socket }) => {
      beginStream(socket);
      sendChunk(socket, delta('a'));
    });
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const client = gateway.send('/v1/chat/completions', { body: streamBody, headers: { 'x-request-id': 'left-1' } });
    await waitFor(() => client.received() !== '');
    client.req.destroy();
    const { socket } = await upstream.request(0);
    await waitFor(() => socket.destroyed);
    expect((await gateway.closedRow('left-1')).closed).toMatchObject({
      state: 'cancelled',
      httpStatus: 200,
      error: expect.stringContaining('after 1 event'),
    });
    await waitFor(() => gateway.gateway.status().inFlight === 0);
  });

  it('count as ok once the finish reason has passed', async () => {
    const upstream = await startUpstream(({ socket }) => {
      beginStream(socket);
      sendChunk(socket, delta('a', 'stop'));
    });
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const client = gateway.send('/v1/chat/completions', { body: streamBody, headers: { 'x-request-id': 'left-2' } });
    await waitFor(() => client.received() !== '');
    client.req.destroy();
    expect((await gateway.closedRow('left-2')).closed).toMatchObject({
      state: 'ok',
      finishReason: 'stop',
      error: null,
    });
  });

  it('before the answer began, end it as well', async () => {
    const upstream = await startUpstream(() => undefined);
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const client = gateway.send('/v1/chat/completions', { body: chatBody, headers: { 'x-request-id': 'left-3' } });
    const { socket } = await upstream.request(0);
    client.req.destroy();
    await waitFor(() => socket.destroyed);
    expect((await gateway.closedRow('left-3')).closed).toMatchObject({ state: 'cancelled', httpStatus: null });
  });

  it('in the middle of their upload leave a row', async () => {
    const gateway = await startGateway();
    const client = gateway.send('/v1/chat/completions', {
      headers: { 'content-length': '1000', 'x-request-id': 'left-4' },
    });
    client.req.on('error', () => undefined);
    client.req.write('{"model":');
    await waitFor(() => gateway.gateway.status().inFlight === 1);
    client.req.destroy();
    expect((await gateway.closedRow('left-4')).closed).toMatchObject({ state: 'cancelled', httpStatus: null });
  });
});

describe('model servers that fail', () => {
  it('are replaced by another one before the first byte, and each try is counted', async () => {
    const upstream = await startUpstream(({ socket }) => sendJson(socket, answer));
    const breaking = await startUpstream(({ socket }) => socket.destroy());
    const gateway = await startGateway({
      servers: [
        routeServer({ name: 'dead', baseUrl: `http://127.0.0.1:${await closedPort()}` }),
        routeServer({ name: 'breaking', baseUrl: breaking.baseUrl, actual: 'degraded' }),
        routeServer({ name: 'last', baseUrl: upstream.baseUrl, actual: 'starting' }),
      ],
    });
    const reply = await gateway.send('/v1/chat/completions', { body: chatBody }).done;
    expect(reply.headers['x-outpost-server']).toBe('last');
    expect((await gateway.closedRow(reply.requestId)).closed).toMatchObject({
      state: 'ok',
      servedBy: 'last',
      retries: 2,
    });
  });

  it('give way to the fallback model, under its own name', async () => {
    const upstream = await startUpstream(({ socket }) => sendJson(socket, answer));
    const gateway = await startGateway({
      servers: [
        routeServer({ baseUrl: `http://127.0.0.1:${await closedPort()}` }),
        routeServer({ name: 'spare', baseUrl: upstream.baseUrl, serves: ['spare-model'] }),
      ],
      fallbacks: { 'demo-chat': 'spare-model' },
    });
    const reply = await gateway.send('/v1/chat/completions', { body: chatBody }).done;
    expect(reply.status).toBe(200);
    expect(JSON.parse((await upstream.request(0)).body)).toMatchObject({ model: 'spare-model' });
    expect((await gateway.closedRow(reply.requestId)).closed).toMatchObject({
      modelServed: 'spare-model',
      servedBy: 'spare',
      retries: 1,
    });
  });

  it('that closed an idle connection under the request are asked again', async () => {
    const upstream = await startUpstream(({ socket }, index) => {
      // The second request comes over the connection of the first, as if it were sent into a closing one.
      if (index === 1) socket.destroy();
      else sendJson(socket, answer);
    });
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    for (let round = 0; round < 2; round += 1) {
      const reply = await gateway.send('/v1/chat/completions', { body: chatBody }).done;
      expect(reply.status).toBe(200);
      expect((await gateway.closedRow(reply.requestId)).closed?.retries).toBe(0);
    }
    expect(upstream.requests).toHaveLength(3);
  });

  it.each([
    ['ready', 502, 'upstream_refused'],
    ['starting', 503, 'server_not_running'],
    ['failed', 503, 'server_not_running'],
  ] as const)('and refuse while the table says %s: %i', async (actual, status, code) => {
    const gateway = await startGateway({
      servers: [routeServer({ baseUrl: `http://127.0.0.1:${await closedPort()}`, actual, reason: 'because of X' })],
    });
    const reply = await gateway.send('/v1/chat/completions', { body: chatBody }).done;
    expect([reply.status, reply.json().error.code, reply.json().error.type]).toEqual([status, code, 'outpost_error']);
    expect(reply.json().error.message).toContain('"alpha"');
    if (status === 503) expect(reply.json().error.message).toContain(`${actual}: because of X`);
    if (status === 503) expect(reply.headers['retry-after']).toMatch(/^\d+$/);
    expect((await gateway.closedRow(reply.requestId)).closed).toMatchObject({
      state: 'error',
      httpStatus: status,
      servedBy: 'alpha',
      modelServed: 'demo-chat',
    });
  });

  it('and are stopped on purpose: 503 that says how to start them, without asking', async () => {
    const gateway = await startGateway({ servers: [routeServer({ wanted: 'stopped', actual: 'stopped' })] });
    const reply = await gateway.send('/v1/chat/completions', { body: chatBody }).done;
    expect(reply.status).toBe(503);
    expect(reply.json().error.message).toContain('outpost start alpha');
    expect(reply.headers['retry-after']).toMatch(/^\d+$/);
    expect((await gateway.closedRow(reply.requestId)).modelAsked).toBe('demo-chat');
  });

  it('and break before their headers: 502', async () => {
    const upstream = await startUpstream(({ socket }) => socket.destroy());
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const reply = await gateway.send('/v1/chat/completions', { body: chatBody }).done;
    expect([reply.status, reply.json().error.code]).toEqual([502, 'upstream_broke']);
  });

  it('and break a plain answer off: 502 while nothing was sent', async () => {
    const upstream = await startUpstream(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a"');
      setImmediate(() => socket.destroy());
    });
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const reply = await gateway.send('/v1/chat/completions', { body: chatBody }).done;
    expect([reply.status, reply.json().error.code]).toEqual([502, 'upstream_broke']);
  });

  it('and do not answer in time: 504', async () => {
    const upstream = await startUpstream(() => undefined);
    const gateway = await startGateway({
      servers: [routeServer({ baseUrl: upstream.baseUrl })],
      limits: { maxBodyBytes: 1000, firstByteTimeoutMs: 200, idleTimeoutMs: 1000 },
    });
    const reply = await gateway.send('/v1/chat/completions', { body: chatBody }).done;
    expect([reply.status, reply.json().error.code]).toEqual([504, 'upstream_timed_out']);
  });

  it('and fall silent in a stream: an error event', async () => {
    const upstream = await startUpstream(({ socket }) => {
      beginStream(socket);
      sendChunk(socket, delta('a'));
    });
    const gateway = await startGateway({
      servers: [routeServer({ baseUrl: upstream.baseUrl })],
      limits: { maxBodyBytes: 1000, firstByteTimeoutMs: 1000, idleTimeoutMs: 200 },
    });
    const reply = await gateway.send('/v1/chat/completions', { body: streamBody }).done;
    expect(reply.body).toContain('upstream_timed_out');
  });

  it('and answer with errors: passed on unchanged, recorded as failed', async () => {
    const body =
      '{"error":{"message":"This model\'s maximum context length is 8 tokens","type":"BadRequestError","param":null,"code":400}}';
    const upstream = await startUpstream(({ socket }) => sendJson(socket, body, '400 Bad Request'));
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const reply = await gateway.send('/v1/chat/completions', { body: chatBody }).done;
    expect([reply.status, reply.body, reply.headers['x-outpost-server']]).toEqual([400, body, 'alpha']);
    expect((await gateway.closedRow(reply.requestId)).closed).toMatchObject({
      state: 'error',
      httpStatus: 400,
      errorCode: 'UPSTREAM_ERROR',
      error: expect.stringContaining('maximum context length'),
    });
  });

  it('and refuse the key of the gateway: 502, never the 401 that would blame the client', async () => {
    const upstream = await startUpstream(({ socket }) =>
      sendJson(socket, { error: 'Unauthorized' }, '401 Unauthorized'),
    );
    const gateway = await startGateway({ servers: [routeServer({ baseUrl: upstream.baseUrl })] });
    const reply = await gateway.send('/v1/chat/completions', { body: chatBody }).done;
    expect([reply.status, reply.json().error.code]).toEqual([502, 'upstream_unauthorized']);
  });
});

function routeServerLog(durability: 'relaxed' | 'strict') {
  return { log: { bodies: 'full' as const, durability, retain: { days: 1, gib: 1, bodies_days: 1 }, redact: [] } };
}
