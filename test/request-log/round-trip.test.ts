import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { openRequestLog } from '../../electron/request-log/open-request-log.ts';
import { DAY_MS, NOON, bodies, closed, openLog, openReader, opened, settings, valueOf, write } from './log-fixtures.ts';

const rule = { name: 'key', pattern: 'sk-[a-z0-9]+', replacement: '[key]' };

describe('the request log', () => {
  it('gives back every field of a finished request, also after it is opened again', async () => {
    const directory = makeTempDir();
    const log = await openLog(directory);
    const id = log.open(opened({ timeMs: NOON + 123, stream: true, feature: 'code_completions' }));
    const given = closed(id, {
      modelServed: 'large',
      cachedTokens: 3,
      retries: 2,
      state: 'error',
      httpStatus: 502,
      error: 'broke',
      errorCode: 'UPSTREAM_BROKE',
      count: 4,
    });
    valueOf(
      await log.close(
        given,
        bodies({
          requestBody: Buffer.from('{"a":"ä"}'),
          responseBody: Buffer.from('data: x\n\n'),
          requestHeaders: { 'content-type': 'application/json' },
          responseHeaders: { 'x-a': 'b' },
          chunkTimesMs: [0.5, 10, 20.25],
        }),
      ),
    );
    await log.shutdown();
    const reader = await openReader(directory);
    const expected = {
      id: 2026011500000001,
      time: '2026-01-15T12:00:00.123Z',
      state: 'error',
      http_status: 502,
      model: 'large',
      model_asked: 'small',
      served_by: 'server-1',
      feature: 'code_completions',
      key: 'team',
      route: '/v1/chat/completions',
      method: 'POST',
      stream: true,
      prompt_tokens: 11,
      completion_tokens: 7,
      cached_tokens: 3,
      ttft_ms: 12.5,
      duration_ms: 80.25,
      queue_ms: 0.5,
      finish_reason: 'stop',
      retries: 2,
      error: 'broke',
      error_code: 'UPSTREAM_BROKE',
      request_id: 'req-1',
      client_address: '127.0.0.1',
      count: 4,
    };
    expect(valueOf(await reader.list({ filter: {}, limit: 10 }))).toEqual({ rows: [expected], more: false });
    expect(valueOf(await reader.get(id))).toEqual({
      ...expected,
      request_body: '{"a":"ä"}',
      response_body: 'data: x\n\n',
      headers: { request: { 'content-type': 'application/json' }, response: { 'x-a': 'b' } },
      chunk_times_ms: [0.5, 10, 20.25],
      bodies_note: null,
    });
    expect(await reader.get(id + 1)).toMatchObject({ ok: false, error: { code: 'REQUEST_UNKNOWN' } });
  });

  it('keeps what is unknown unknown', async () => {
    const directory = makeTempDir();
    const log = await openLog(directory);
    const nothing = { clientAddress: null, key: null, feature: null, modelAsked: null };
    const id = log.open(opened(nothing));
    valueOf(
      await log.close(
        closed(id, {
          state: 'cancelled',
          httpStatus: null,
          modelServed: null,
          servedBy: null,
          promptTokens: null,
          completionTokens: null,
          ttftMs: null,
          queueMs: null,
          finishReason: null,
        }),
        bodies(),
      ),
    );
    const reader = await openReader(directory);
    const row = valueOf(await reader.get(id));
    for (const field of [
      'http_status',
      'model',
      'model_asked',
      'served_by',
      'feature',
      'key',
      'prompt_tokens',
      'ttft_ms',
      'queue_ms',
      'finish_reason',
      'client_address',
      'request_body',
      'response_body',
      'chunk_times_ms',
    ] as const) {
      expect(row[field], field).toBeNull();
    }
  });

  it('keeps bodies byte for byte: binary, empty, missing and 32 MB', async () => {
    const directory = makeTempDir();
    const log = await openLog(directory);
    const large = randomBytes(32 * 2 ** 20);
    const binary = Buffer.from([0, 159, 146, 150, 255]);
    const ids = await Promise.all([
      write(log, { bodies: { requestBody: binary, responseBody: Buffer.alloc(0) } }),
      write(log, { bodies: { requestBody: large } }),
      write(log, { bodies: { responseBody: Buffer.from('after') } }),
    ]);
    const reader = await openReader(directory);
    const [first, second, third] = await Promise.all(ids.map(async (id) => valueOf(await reader.get(id))));
    expect(first).toMatchObject({ request_body: { base64: binary.toString('base64') }, response_body: '' });
    expect(second?.response_body).toBeNull();
    const read = second?.request_body as { base64: string };
    const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(hash(Buffer.from(read.base64, 'base64'))).toBe(hash(large));
    expect(third).toMatchObject({ request_body: null, response_body: 'after' });
  });

  it('lets the caller reuse its memory as soon as close returns', async () => {
    const directory = makeTempDir();
    const log = await openLog(directory);
    const body = Buffer.from('original');
    const id = log.open(opened());
    const written = log.close(closed(id), bodies({ requestBody: body }));
    body.fill('x');
    valueOf(await written);
    expect(valueOf(await (await openReader(directory)).get(id)).request_body).toBe('original');
  });

  it('goes on with dense ids after it is opened again', async () => {
    const directory = makeTempDir();
    const first = await openLog(directory);
    const before = [await write(first), await write(first)];
    await first.shutdown();
    const second = await openLog(directory);
    const after = [await write(second), await write(second)];
    expect([...before, ...after].map((id) => id - 2026011500000000)).toEqual([1, 2, 3, 4]);
  });

  it('keeps a request that runs over midnight in the day in which it was opened', async () => {
    const directory = makeTempDir();
    const log = await openLog(directory);
    const evening = log.open(opened());
    const morning = await write(log, { opened: { timeMs: NOON + DAY_MS } });
    valueOf(await log.close(closed(evening), bodies({ requestBody: Buffer.from('late') })));
    const reader = await openReader(directory);
    expect([evening, morning]).toEqual([2026011500000001, 2026011600000001]);
    expect(valueOf(await reader.list({ filter: {}, limit: 10 })).rows.map(({ id }) => id)).toEqual([morning, evening]);
    expect(valueOf(await reader.get(evening)).request_body).toBe('late');
  });

  it('shows a request while it runs', async () => {
    const directory = makeTempDir();
    const log = await openLog(directory);
    const reader = await openReader(directory);
    const id = log.open(opened());
    const running = await waitFor(
      async () => valueOf(await reader.list({ filter: { state: 'running' }, limit: 5 })).rows[0],
    );
    expect(running).toMatchObject({ id, state: 'running', model: 'small', duration_ms: null });
    expect(valueOf(await reader.get(id)).bodies_note).toContain('still running');
    valueOf(await log.close(closed(id), bodies()));
    expect(valueOf(await reader.get(id)).state).toBe('ok');
  });

  it('refuses to close what is not open', async () => {
    const log = await openLog(makeTempDir());
    const id = await write(log);
    expect(() => log.close(closed(id), bodies())).toThrow(/closed twice/);
  });

  it('tells followers about new rows, and they get them oldest first', async () => {
    const directory = makeTempDir();
    const log = await openLog(directory);
    let newest = 0;
    log.onCommitted((id) => (newest = id));
    const ids = [await write(log), await write(log), await write(log)];
    await waitFor(() => newest === ids[2]);
    const reader = await openReader(directory);
    const page = valueOf(await reader.list({ filter: {}, limit: 1, afterId: ids[0] ?? 0 }));
    expect(page.rows.map(({ id }) => id)).toEqual([ids[1]]);
    expect(page.more).toBe(true);
  });

  it.each(['relaxed', 'power-safe'] as const)('writes all rows when it is %s', async (durability) => {
    const directory = makeTempDir();
    const log = await openLog(directory, { durability });
    const ids = await Promise.all(
      Array.from({ length: 300 }, () => write(log, { bodies: { requestBody: Buffer.from('x') } })),
    );
    await log.shutdown();
    const page = valueOf(await (await openReader(directory)).list({ filter: {}, limit: 1000 }));
    expect(page.rows.map(({ id }) => id)).toEqual(ids.toReversed());
  });

  it('takes new settings while it runs', async () => {
    const directory = makeTempDir();
    const log = await openLog(directory);
    const sent = { requestBody: Buffer.from('sk-abc1'), promptText: 'sk-abc1', requestHeaders: { a: 'sk-abc1' } };
    const plain = await write(log, { bodies: sent });
    log.configure(settings({ redact: [rule], durability: 'power-safe' }));
    const redacted = await write(log, { bodies: sent, closed: { error: 'sk-abc1 failed' } });
    const binary = await write(log, {
      bodies: { requestBody: Buffer.from([255]), responseBody: Buffer.from('sk-abc1') },
    });
    log.configure(settings({ bodies: 'none' }));
    const without = await write(log, { bodies: sent });
    const reader = await openReader(directory);
    expect(valueOf(await reader.get(plain)).request_body).toBe('sk-abc1');
    expect(valueOf(await reader.get(redacted))).toMatchObject({
      request_body: '[key]',
      error: '[key] failed',
      headers: { request: { a: '[key]' } },
      bodies_note: null,
    });
    const dropped = valueOf(await reader.get(binary));
    expect(dropped).toMatchObject({ request_body: null, response_body: '[key]' });
    expect(dropped.bodies_note).toContain('redaction');
    const off = valueOf(await reader.get(without));
    expect(off).toMatchObject({ request_body: null, headers: { request: {} } });
    expect(off.bodies_note).toContain('off');
    expect(valueOf(await reader.list({ filter: { search: 'abc1' }, limit: 9 })).rows.map(({ id }) => id)).toEqual([
      plain,
    ]);
  });

  it('refuses a second writer', async () => {
    const directory = makeTempDir();
    await openLog(directory);
    const second = await openRequestLog({ directory, settings: settings() });
    expect(second).toMatchObject({ ok: false, error: { code: 'REQUEST_LOG_IN_USE' } });
  });

  it('is empty to a reader before it exists', async () => {
    const reader = await openReader(`${makeTempDir()}/requests`);
    expect(valueOf(await reader.list({ filter: {}, limit: 10 }))).toEqual({ rows: [], more: false });
    expect(valueOf(await reader.facets({}))).toEqual({ models: [], features: [], servers: [], keys: [] });
    expect(valueOf(await reader.traffic(1000, NOON))).toMatchObject({ requests: 0, ttftP50Ms: null });
  });
});
