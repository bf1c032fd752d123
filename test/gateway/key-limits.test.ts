import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unrestrictedKey } from '../../electron/contract/key-rules.ts';
import type { KeyLimits } from '../../electron/contract/key-rules.ts';
import { checkScope } from '../../electron/gateway/check-scope.ts';
import { countedTokens } from '../../electron/gateway/limits/counted-tokens.ts';
import type { KeyUsage } from '../../electron/gateway/limits/key-usage.ts';
import { stepKeyUsage, unusedKey } from '../../electron/gateway/limits/key-usage.ts';
import { compileRouting } from '../../electron/gateway/routing.ts';
import { digestOf, routeServer, routeTable, TEST_KEY } from './route-table-fixture.ts';
import { sendJson, startUpstream } from './scripted-upstream.ts';
import { chatBody, startGateway } from './start-gateway.ts';

const noLimits = unrestrictedKey.limits;
const DAY_MS = 86_400_000;

function ask(usage: KeyUsage, limits: Partial<KeyLimits>, nowMs: number) {
  return stepKeyUsage(usage, { type: 'ask', limits: { ...noLimits, ...limits } }, nowMs);
}

describe('limits of a key', () => {
  it('allow so many requests a minute and say when the next one may come', () => {
    let usage = unusedKey;
    for (const nowMs of [500, 10_500]) ({ usage } = ask(usage, { requestsPerMinute: 2 }, nowMs));
    const refused = ask(usage, { requestsPerMinute: 2 }, 30_000);
    expect(refused.refusal).toEqual({ limit: 'requestsPerMinute', allowed: 2, used: 2, retryAfterMs: 31_000 });
    expect(ask(refused.usage, { requestsPerMinute: 2 }, 60_999).refusal).not.toBeNull();
    expect(ask(refused.usage, { requestsPerMinute: 2 }, 61_000).refusal).toBeNull();
  });

  it('refuse what comes after the tokens of a minute, or of a day in UTC, are used', () => {
    const { usage } = stepKeyUsage(unusedKey, { type: 'end', tokens: 100 }, DAY_MS - 10_000);
    expect(ask(usage, { tokensPerMinute: 101, tokensPerDay: 101 }, DAY_MS - 9000).refusal).toBeNull();
    expect(ask(usage, { tokensPerMinute: 100 }, DAY_MS - 9000).refusal).toMatchObject({ retryAfterMs: 60_000 });
    expect(ask(usage, { tokensPerDay: 100 }, DAY_MS - 9000).refusal).toMatchObject({
      limit: 'tokensPerDay',
      retryAfterMs: 9000,
    });
    expect(ask(usage, { tokensPerDay: 100 }, DAY_MS).refusal).toBeNull();
  });

  it('name the limit that keeps the client waiting longest', () => {
    const first = ask(unusedKey, {}, 0).usage;
    expect(ask(first, { concurrency: 1, requestsPerMinute: 1 }, 1).refusal?.limit).toBe('requestsPerMinute');
    expect(ask(first, { concurrency: 1, requestsPerMinute: 2 }, 1).refusal?.limit).toBe('concurrency');
  });

  it('do not lock a key out when the clock was set back', () => {
    const { usage } = ask(unusedKey, {}, 10 * DAY_MS);
    expect(ask(usage, { requestsPerMinute: 1 }, 9 * DAY_MS).refusal).toBeNull();
  });

  it('hold in any minute and at any moment, and lose no slot, whatever the order of events', () => {
    const events = fc.array(fc.record({ isAsk: fc.boolean(), afterMs: fc.nat(20_000), tokens: fc.nat(50) }));
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }), (list, perMinute, slots) => {
        let usage = unusedKey;
        let nowMs = 1_700_000_000_000;
        let running = 0;
        const admittedAtMs: number[] = [];
        for (const { isAsk, afterMs, tokens } of list) {
          nowMs += afterMs;
          if (isAsk) {
            const step = ask(usage, { requestsPerMinute: perMinute, concurrency: slots }, nowMs);
            ({ usage } = step);
            if (step.refusal === null) {
              running += 1;
              admittedAtMs.push(nowMs);
            } else expect(step.refusal.retryAfterMs).toBeGreaterThan(0);
          } else if (running > 0) {
            running -= 1;
            ({ usage } = stepKeyUsage(usage, { type: 'end', tokens }, nowMs));
          }
          expect(usage.running).toBe(running);
          expect(running).toBeLessThanOrEqual(slots);
          expect(admittedAtMs.filter((atMs) => nowMs - atMs < 60_000).length).toBeLessThanOrEqual(perMinute);
          expect(usage.requests.length).toBeLessThanOrEqual(61);
        }
      }),
    );
  });
});

describe('tokens a request is counted with', () => {
  const served = { state: 'ok', httpStatus: 200, servedBy: 'alpha' } as const;
  it.each([
    ['reported', { ...served, usage: { promptTokens: 7, completionTokens: 5, cachedTokens: null } }, 12],
    ['estimated when a client leaves early', { ...served, state: 'cancelled', answerText: '12345678' }, 5],
    ['none when nothing was served', { state: 'rejected', httpStatus: 429 }, 0],
    ['none when the model server failed at once', { ...served, state: 'error', httpStatus: 502 }, 0],
  ] as const)('%s', (_name, outcome, tokens) => {
    expect(countedTokens(outcome, 'twelve chars')).toBe(tokens);
  });
});

it('keeps a key to its routes, however the path is written', () => {
  const table = routeTable({ keys: [{ name: 'k', sha256: digestOf(TEST_KEY), models: null, routes: ['embeddings'] }] });
  const key = [...compileRouting(table).keys.values()][0];
  if (!key) throw new Error('The table has one key.');
  const isAllowed = (upstreamPath: string | null) => checkScope(key, { feature: null, upstreamPath }, 0).ok;
  expect(['/v1/embeddings', '/v1/embeddings?x=1', null].map(isAllowed)).toEqual([true, true, true]);
  expect(['/v1/chat/completions', '/v1//embeddings', '/v1/embeddings%2Fx', '/v1/'].map(isAllowed)).toEqual(
    Array(4).fill(false),
  );
});

describe('restricted keys at the gateway', () => {
  const rules = { name: 'tester', sha256: digestOf(TEST_KEY), models: null };
  const usage = { prompt_tokens: 8, completion_tokens: 2 };

  async function start(change: object) {
    const upstream = await startUpstream(({ socket }) => sendJson(socket, { choices: [], usage }));
    return startGateway({
      keys: [{ ...rules, ...change }],
      servers: [routeServer({ baseUrl: upstream.baseUrl, serves: ['demo-chat', 'demo-code'] })],
    });
  }

  it.each([
    ['a model', { models: ['demo-code'] }, '/v1/chat/completions', 403, 'model_not_allowed', /demo-code/],
    [
      'a feature',
      { features: ['summarize'] },
      '/features/duo_chat/v1/chat/completions',
      403,
      'feature_not_allowed',
      /summarize/,
    ],
    ['no feature', { features: ['summarize'] }, '/v1/chat/completions', 403, 'feature_not_allowed', /summarize/],
    ['a route', { routes: ['embeddings'] }, '/v1/chat/completions', 403, 'route_not_allowed', /embeddings/],
    ['any after its time', { expiresAtMs: 0 }, '/v1/chat/completions', 401, 'key_expired', /1970-01-01T00:00:00.000Z/],
  ] as const)('refuses %s it may not use and says what it may', async (_name, change, path, status, code, said) => {
    const gateway = await start(change);
    const reply = await gateway.send(path, { body: chatBody }).done;
    expect([reply.status, reply.json().error.code]).toEqual([status, code]);
    expect(reply.json().error.message).toMatch(said);
    const row = await gateway.closedRow(reply.requestId);
    expect(row.closed).toMatchObject({ state: 'rejected', errorCode: code.toUpperCase() });
    expect(row.key).toBe('tester');
  });

  it.each([
    ['LIMIT_REQUESTS_PER_MINUTE', { requestsPerMinute: 1 }],
    ['LIMIT_TOKENS_PER_MINUTE', { tokensPerMinute: 10 }],
    ['LIMIT_TOKENS_PER_DAY', { tokensPerDay: 10 }],
  ] as const)('answers 429 with %s and when to try again', async (code, limits) => {
    const gateway = await start({ limits: { ...noLimits, ...limits } });
    const first = await gateway.send('/v1/chat/completions', { body: chatBody }).done;
    expect(first.status).toBe(200);
    const second = await gateway.send('/v1/chat/completions', { body: chatBody }).done;
    expect([second.status, second.json().error.code]).toEqual([429, code.toLowerCase()]);
    expect(Number(second.headers['retry-after'])).toBeGreaterThan(0);
    expect((await gateway.closedRow(second.requestId)).closed).toMatchObject({ state: 'rejected', errorCode: code });
  });

  it('frees the place of a request that ended or whose client left', async () => {
    const upstream = await startUpstream(({ body, socket }) => {
      if (!body.includes('wait')) sendJson(socket, { choices: [], usage });
    });
    const gateway = await startGateway({
      keys: [{ ...rules, limits: { ...noLimits, concurrency: 1 } }],
      servers: [routeServer({ baseUrl: upstream.baseUrl })],
    });
    const post = (body: object, id: string) =>
      gateway.send('/v1/chat/completions', { body, headers: { 'x-request-id': id } });
    const waiting = post({ ...chatBody, wait: true }, 'waiting');
    await upstream.request(0);
    expect((await post(chatBody, 'second').done).status).toBe(429);
    waiting.req.destroy();
    await gateway.closedRow('waiting');
    expect((await post(chatBody, 'third').done).status).toBe(200);
    expect((await post(chatBody, 'fourth').done).status).toBe(200);
  });
});
