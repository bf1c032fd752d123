import { describe, expect, it } from 'vitest';
import { BodyCapture } from '../../electron/gateway/body-capture.ts';
import { buildClosedRow } from '../../electron/gateway/build-row.ts';
import { checkKey } from '../../electron/gateway/check-key.ts';
import { errorBody, errorEvent, retryAfterSeconds } from '../../electron/gateway/error-body.ts';
import { FloodCounter } from '../../electron/gateway/flood-counter.ts';
import { GatewayMetrics } from '../../electron/gateway/metrics.ts';
import { parseTarget } from '../../electron/gateway/parse-target.ts';
import { planAttempts } from '../../electron/gateway/plan-attempts.ts';
import { readPlainAnswer } from '../../electron/gateway/read-plain-answer.ts';
import { requestIdOf } from '../../electron/gateway/request-id.ts';
import { resolveModel } from '../../electron/gateway/resolve-model.ts';
import { compileRouting } from '../../electron/gateway/routing.ts';
import { promptText } from '../../electron/gateway/texts/prompt-text.ts';
import { UnrecordedRequests } from '../../electron/gateway/unrecorded.ts';
import { classifyFailure, explainFailure } from '../../electron/gateway/upstream/explain-failure.ts';
import { clientHeaders, recordedHeaders, upstreamHeaders } from '../../electron/gateway/upstream/headers.ts';
import { outpostError } from '../../electron/contract/outpost-error.ts';
import { digestOf, routeServer, routeTable, TEST_KEY } from './route-table-fixture.ts';

const codeOf = (result: { ok: boolean; error?: { code: string } }) => result.error?.code;

describe('targets', () => {
  it.each([
    ['GET', '/health', { kind: 'health' }],
    ['HEAD', '/ready', { kind: 'ready' }],
    ['GET', '/v1/models', { kind: 'models', feature: null, model: null }],
    ['GET', '/v1/models/org%2Fname', { kind: 'models', feature: null, model: 'org/name' }],
    ['GET', '/features/duo_chat/v1/models', { kind: 'models', feature: 'duo_chat', model: null }],
    [
      'POST',
      '/v1/chat/completions?a=b',
      { kind: 'inference', feature: null, upstreamPath: '/v1/chat/completions?a=b', family: 'chat' },
    ],
    [
      'POST',
      '/features/duo_chat/v1/messages',
      { kind: 'inference', feature: 'duo_chat', upstreamPath: '/v1/messages', family: 'messages' },
    ],
    ['POST', '/v1/rerank', { kind: 'inference', feature: null, upstreamPath: '/v1/rerank', family: 'other' }],
  ])('%s %s', (method, url, target) => {
    expect(parseTarget(method, url, false)).toEqual({ ok: true, value: target });
  });

  it.each([
    ['GET', '/', 'ROUTE_UNKNOWN'],
    ['POST', '/tokenize', 'ROUTE_UNKNOWN'],
    ['POST', '/v1', 'ROUTE_UNKNOWN'],
    ['POST', '/v1/../metrics', 'ROUTE_UNKNOWN'],
    ['POST', '/v1/%2e%2E/load', 'ROUTE_UNKNOWN'],
    ['POST', '/features//v1/chat/completions', 'ROUTE_UNKNOWN'],
    ['GET', '/v1/models/%', 'ROUTE_UNKNOWN'],
    ['GET', '/v1/chat/completions', 'METHOD_NOT_ALLOWED'],
    ['OPTIONS', '/v1/chat/completions', 'METHOD_NOT_ALLOWED'],
    ['POST', '/v1/models', 'METHOD_NOT_ALLOWED'],
    ['DELETE', '/health', 'METHOD_NOT_ALLOWED'],
    ['GET', '/v1/realtime', 'WEBSOCKET_UNSUPPORTED'],
  ])('%s %s is refused with %s', (method, url, code) => {
    expect(codeOf(parseTarget(method, url, false))).toBe(code);
  });
});

describe('keys', () => {
  const routing = compileRouting(routeTable());

  it.each([
    [{ authorization: `Bearer ${TEST_KEY}` }],
    [{ authorization: `bearer   ${TEST_KEY} ` }],
    [{ authorization: TEST_KEY }],
    [{ 'x-api-key': TEST_KEY }],
    [{ 'api-key': TEST_KEY }],
  ])('takes the key from %o', (headers) => {
    expect(checkKey(routing, headers)).toMatchObject({ ok: true, value: { name: 'tester' } });
  });

  it('needs one only where keys are required, but never lets a wrong one pass', () => {
    const open = compileRouting(routeTable({ keysRequired: false }));
    expect(codeOf(checkKey(routing, {}))).toBe('KEY_MISSING');
    expect(checkKey(open, {})).toEqual({ ok: true, value: null });
    for (const each of [routing, open]) {
      expect(codeOf(checkKey(each, { authorization: 'Bearer wrong' }))).toBe('KEY_INVALID');
    }
  });
});

describe('the model of a request', () => {
  const table = routeTable({
    servers: [routeServer({ serves: ['demo-chat', 'demo-code'] })],
    keys: [{ name: 'narrow', sha256: digestOf('narrow'), models: ['demo-code'] }],
  });
  const routing = compileRouting(table);
  const narrow = routing.keys.get(digestOf('narrow')) ?? null;

  it('is the one asked for, or the one of the feature', () => {
    expect(resolveModel(routing, null, { feature: null, model: 'demo-code' })).toEqual({
      ok: true,
      value: 'demo-code',
    });
    expect(resolveModel(routing, null, { feature: 'duo_chat', model: 'x' })).toEqual({ ok: true, value: 'demo-chat' });
    expect(resolveModel(routing, null, { feature: 'duo_chat', model: null })).toEqual({ ok: true, value: 'demo-chat' });
  });

  it.each([
    [null, null, 'MODEL_MISSING'],
    [null, 'nobody', 'MODEL_UNKNOWN'],
    ['code_review', null, 'FEATURE_DISABLED'],
    ['summarize', null, 'FEATURE_UNASSIGNED'],
    ['toString', null, 'FEATURE_UNKNOWN'],
  ])('feature %s, model %s: %s', (feature, model, code) => {
    expect(codeOf(resolveModel(routing, null, { feature, model }))).toBe(code);
  });

  it('must be one that the key may use, also through a feature', () => {
    expect(codeOf(resolveModel(routing, narrow, { feature: null, model: 'demo-chat' }))).toBe('MODEL_NOT_ALLOWED');
    expect(codeOf(resolveModel(routing, narrow, { feature: 'duo_chat', model: null }))).toBe('MODEL_NOT_ALLOWED');
    // A key must not find out which other models exist.
    expect(codeOf(resolveModel(routing, narrow, { feature: null, model: 'nobody' }))).toBe('MODEL_NOT_ALLOWED');
  });
});

describe('the order of servers', () => {
  const names = (attempts: readonly { server: { name: string }; model: string }[]) =>
    attempts.map((attempt) => `${attempt.server.name}/${attempt.model}`);
  const server = (name: string, change = {}) => routeServer({ name, ...change });

  it('is ready first, then least outstanding, turn about between equals', () => {
    const routing = compileRouting(
      routeTable({
        servers: [
          server('slow'),
          server('starting', { actual: 'starting' }),
          server('idle'),
          server('off', { wanted: 'stopped' }),
        ],
      }),
    );
    const busy = new Map([['slow', 3]]);
    expect(names(planAttempts(routing, 'demo-chat', null, (name) => busy.get(name) ?? 0, 0))).toEqual([
      'idle/demo-chat',
      'slow/demo-chat',
      'starting/demo-chat',
    ]);
    const turns = [0, 1, 2].map((turn) => planAttempts(routing, 'demo-chat', null, () => 0, turn)[0]?.server.name);
    expect(new Set(turns)).toEqual(new Set(['slow', 'idle']));
  });

  it('goes on with the fallback, as far as the key may use it, and never in circles', () => {
    const table = routeTable({
      servers: [server('a'), server('b', { serves: ['spare'] })],
      fallbacks: { 'demo-chat': 'spare', spare: 'demo-chat' },
    });
    const routing = compileRouting(table);
    expect(names(planAttempts(routing, 'demo-chat', null, () => 0, 0))).toEqual(['a/demo-chat', 'b/spare']);
    const key = {
      name: 'narrow',
      models: new Set(['demo-chat']),
      features: null,
      routes: null,
      expiresAtMs: null,
      limits: null,
    };
    expect(names(planAttempts(routing, 'demo-chat', key, () => 0, 0))).toEqual(['a/demo-chat']);
  });

  it('is empty when everything was stopped on purpose', () => {
    const routing = compileRouting(routeTable({ servers: [server('a', { wanted: 'stopped' })] }));
    expect(planAttempts(routing, 'demo-chat', null, () => 0, 0)).toEqual([]);
  });
});

describe('failures of model servers', () => {
  const failed = (code: string, sawHeaders = false) =>
    classifyFailure(Object.assign(new Error('x'), { code }), sawHeaders);
  const explain = (server: Parameters<typeof routeServer>[0], code: string, seen: string | null = null) =>
    explainFailure(routeServer(server), failed(code, seen !== null), seen);

  it('a refused connection is a 502 when the server counts as ready, else a 503 that names the state', () => {
    expect(explain({}, 'ECONNREFUSED').code).toBe('UPSTREAM_REFUSED');
    const starting = explain({ actual: 'backing-off', reason: 'CUDA out of memory' }, 'ECONNREFUSED');
    expect(starting.code).toBe('SERVER_NOT_RUNNING');
    expect(starting.message).toContain('backing-off: CUDA out of memory');
    expect(retryAfterSeconds(starting)).toBeGreaterThan(0);
  });

  it('a stopped one says how to start it', () => {
    const error = explain({ actual: 'stopped', wanted: 'stopped' }, 'ECONNREFUSED');
    expect(error.action).toContain('outpost start alpha');
  });

  it.each([
    ['UND_ERR_SOCKET', 'UPSTREAM_BROKE'],
    ['HPE_INVALID_CONSTANT', 'UPSTREAM_BROKE'],
    ['UND_ERR_HEADERS_TIMEOUT', 'UPSTREAM_TIMED_OUT'],
    ['UND_ERR_BODY_TIMEOUT', 'UPSTREAM_TIMED_OUT'],
  ])('%s is %s', (code, expected) => {
    expect(explain({}, code, code === 'UND_ERR_BODY_TIMEOUT' ? 'after 3 events' : null).code).toBe(expected);
  });

  it('only a connection that has served before can have been closed under the request', () => {
    const closed = (bytesRead: number) =>
      classifyFailure(Object.assign(new Error('x'), { code: 'UND_ERR_SOCKET', socket: { bytesRead } }), false);
    expect(closed(100).maybeStale).toBe(true);
    expect(closed(0).maybeStale).toBe(false);
    expect(failed('UND_ERR_SOCKET', true).maybeStale).toBe(false);
  });
});

describe('headers', () => {
  const raw = [
    'Host',
    'x',
    'Connection',
    'close, X-Hop',
    'X-Hop',
    '1',
    'Authorization',
    'Bearer secret',
    'X-Api-Key',
    'secret',
    'Cookie',
    'secret',
    'Content-Type',
    'application/json',
    'Accept-Encoding',
    'gzip',
    'Transfer-Encoding',
    'chunked',
    'X-Other',
    'kept',
  ];

  it('go upstream without the client key, hop-by-hop ones and compression', () => {
    expect(upstreamHeaders(raw, 'id-1', 'up-key')).toEqual([
      'Content-Type',
      'application/json',
      'X-Other',
      'kept',
      'accept-encoding',
      'identity',
      'X-Request-Id',
      'id-1',
      'Authorization',
      'Bearer up-key',
    ]);
    expect(upstreamHeaders(raw, 'id-1', null).join()).not.toContain('Authorization');
  });

  it('come back with the request id and the server', () => {
    expect(
      clientHeaders(['X-Request-Id', 'theirs', 'Keep-Alive', 'timeout=5', 'Server', 'uvicorn'], 'id-1', 'alpha'),
    ).toEqual(['Server', 'uvicorn', 'x-request-id', 'id-1', 'x-outpost-server', 'alpha']);
  });

  it('are recorded without any secret', () => {
    const recorded = recordedHeaders([
      ...raw,
      'Proxy-Authorization',
      'secret',
      'X-GitLab-Token',
      'secret',
      'api-key',
      'secret',
      '__proto__',
      'x',
    ]);
    expect(JSON.stringify(recorded)).not.toContain('secret');
    expect(recorded['x-other']).toBe('kept');
    expect(Object.keys(recorded)).toContain('authorization');
  });
});

describe('error bodies', () => {
  const error = outpostError('MODEL_UNKNOWN', 'No such model.', 'Choose another.');

  it('have the shape of OpenAI and say who speaks', () => {
    expect(JSON.parse(errorBody(error))).toEqual({
      error: {
        message: 'No such model. Choose another.',
        type: 'outpost_error',
        param: 'model',
        code: 'model_unknown',
      },
    });
  });

  it('become events in the shape of the stream', () => {
    expect(errorEvent(error, 'chat')).toMatch(/^data: \{"error":\{.*\}\n\n$/);
    expect(errorEvent(error, 'messages')).toMatch(/^event: error\ndata: \{"type":"error","error":\{.*\}\n\n$/);
  });
});

describe('request ids', () => {
  it("are the client's when safe, else new", () => {
    expect(requestIdOf('gitlab:abc-1.2_3')).toBe('gitlab:abc-1.2_3');
    for (const bad of ['', 'a b', 'x'.repeat(129), 'a\nb', undefined, ['a', 'b']]) {
      expect(requestIdOf(bad)).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe('floods of rejected requests', () => {
  const kind = { code: 'KEY_INVALID', clientAddress: '10.0.0.1', route: '/v1/models' } as const;

  it('get rows up to 50 a second, then are counted', () => {
    const floods = new FloodCounter<string>();
    const rows = Array.from({ length: 200 }, (_, index) => floods.admit(kind, `r${index}`, 1000 + index)).filter(
      Boolean,
    );
    expect(rows).toHaveLength(50);
    expect(floods.due(1500)).toEqual([]);
    expect(floods.due(2000)).toEqual([{ example: 'r50', count: 150 }]);
    expect(floods.admit(kind, 'next', 2001)).toBe(true);
    expect(floods.due(9000)).toEqual([]);
  });

  it('are told apart by client, and unknown paths are one flood', () => {
    const floods = new FloodCounter<string>();
    for (let index = 0; index < 60; index += 1) {
      floods.admit({ code: 'ROUTE_UNKNOWN', clientAddress: 'a', route: `/x${index}` }, 'scan', 0);
    }
    expect(floods.admit({ code: 'ROUTE_UNKNOWN', clientAddress: 'b', route: '/x' }, 'other', 0)).toBe(true);
    expect(floods.due(0, true)).toEqual([{ example: 'scan', count: 10 }]);
  });

  it('do not lose what was counted when the window is written late', () => {
    const floods = new FloodCounter<string>();
    for (let index = 0; index < 51; index += 1) floods.admit(kind, 'a', 0);
    expect(floods.admit(kind, 'late', 5000)).toBe(false);
    expect(floods.due(5000)).toEqual([{ example: 'a', count: 2 }]);
  });
});

describe('the record', () => {
  it('leaves unknown things null', () => {
    const row = buildClosedRow(7, { state: 'rejected', httpStatus: 404 }, 1.23456);
    expect(row).toMatchObject({ id: 7, durationMs: 1.235, ttftMs: null, promptTokens: null, retries: 0, count: 1 });
  });

  it('cuts bodies at its limit and says so', () => {
    const capture = new BodyCapture(5);
    capture.add(Buffer.from('abc'));
    expect(capture.note).toBeNull();
    capture.add(Buffer.from('def'));
    capture.add(Buffer.from('ghi'));
    expect(capture.bytes().toString()).toBe('abcde');
    expect(capture.note).toContain('5 of 9 bytes');
  });

  it('finds the texts of every kind of prompt', () => {
    const text = (body: unknown) => promptText(Buffer.from(JSON.stringify(body)));
    expect(
      text({ messages: [{ content: 'a' }, { content: [{ type: 'text', text: 'b' }, { type: 'image_url' }] }] }),
    ).toBe('a\nb');
    expect(text({ prompt: ['x', 'y'], suffix: 'z' })).toBe('x\ny\nz');
    expect(text({ input: 'embed me' })).toBe('embed me');
    expect(text({ input: [[1, 2], [3]] })).toBeNull();
    expect(text({ system: 's', messages: [] })).toBe('s');
    expect(promptText(Buffer.from('nonsense'))).toBeNull();
  });

  it('reads tokens, finish reason and text of plain answers, and the words of errors', () => {
    const read = (family: Parameters<typeof readPlainAnswer>[0], status: number, body: unknown) => {
      const capture = new BodyCapture();
      capture.add(Buffer.from(JSON.stringify(body)));
      return readPlainAnswer(family, status, ['Content-Type', 'application/json'], capture);
    };
    const chat = {
      choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 1 },
    };
    expect(read('chat', 200, chat)).toMatchObject({
      answerText: 'Hi',
      finishReason: 'stop',
      usage: { promptTokens: 3, completionTokens: 1 },
      error: null,
    });
    expect(read('other', 200, { data: [[1]], usage: { prompt_tokens: 8 } })).toMatchObject({
      usage: { promptTokens: 8 },
    });
    expect(read('chat', 400, { error: { message: 'too long' } })).toMatchObject({
      error: expect.stringContaining('400: too long'),
      errorCode: 'UPSTREAM_ERROR',
    });
  });

  it('keeps account of what could not be recorded', () => {
    const unrecorded = new UnrecordedRequests();
    unrecorded.count(5);
    unrecorded.count(6);
    expect(unrecorded.pending()).toEqual({ count: 2, sinceMs: 5 });
    unrecorded.summarized(2);
    expect(unrecorded.pending()).toBeNull();
    expect(unrecorded.total).toBe(2);
  });
});

describe('metrics', () => {
  it('are a page that Prometheus can read', () => {
    const metrics = new GatewayMetrics();
    metrics.observe(
      {
        state: 'ok',
        httpStatus: 200,
        modelServed: 'a"b',
        servedBy: 's',
        usage: { promptTokens: 3, completionTokens: 2, cachedTokens: null },
        ttftMs: 12,
      },
      'duo_chat',
      700,
    );
    metrics.observe({ state: 'cancelled', httpStatus: null }, null, 5);
    const page = metrics.render({ inFlight: 1, logLagRows: 2, unrecorded: 3, routeTableVersion: 4 });
    expect(page).toContain(
      'outpost_gateway_requests_total{model="a\\"b",feature="duo_chat",server="s",status="2xx",state="ok"} 1',
    );
    expect(page).toContain('state="cancelled"} 1');
    expect(page).toContain('outpost_gateway_completion_tokens_total{model="a\\"b",feature="duo_chat"} 2');
    expect(page).toContain('le="0.5"} 0');
    expect(page).toContain('le="1"} 1');
    for (const line of page.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [0-9.e+-]+)$/);
  });
});
