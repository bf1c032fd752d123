import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestStates } from '../../electron/contract/request-row.ts';
import type { RequestFilter, RequestSummary } from '../../electron/contract/request-row.ts';
import { openRequestLogReader } from '../../electron/request-log/open-request-log-reader.ts';
import { openRequestLog } from '../../electron/request-log/open-request-log.ts';
import type { RequestLogReader } from '../../electron/request-log/request-log.ts';
import { makeLastingTempDir } from '../fixtures/temp-dir.ts';
import { DAY_MS, NOON, bodies, closed, opened, settings, valueOf } from './log-fixtures.ts';
import { expectedPage } from './expected-page.ts';

const ROWS = 900;
const words = ['alpha', 'beta', 'gamma', 'delta'];

describe('pages', () => {
  const temp = makeLastingTempDir();
  let reader: RequestLogReader;
  let all: readonly RequestSummary[] = [];
  const texts = new Map<number, string>();

  beforeAll(async () => {
    const log = valueOf(await openRequestLog({ directory: temp.dir, settings: settings() }));
    const pick = <T>(values: readonly T[], n: number): T => values[n % values.length] as T;
    await Promise.all(
      Array.from({ length: ROWS }, async (_, n) => {
        // Three days, with a clock that steps back now and then.
        const timeMs = NOON + Math.floor(n / 300) * DAY_MS + n * 1000 - (n % 37 === 0 ? 20_000 : 0);
        const state = pick(requestStates.slice(1), Math.floor(n / 7) % 11 === 0 ? n : 0) as 'ok';
        const text = `${pick(words, n)} ${pick(words, Math.floor(n / 5))} n${n}`;
        const id = log.open(
          opened({
            timeMs,
            key: pick(['a', 'b', null], n),
            feature: pick(['chat', null, 'code'], Math.floor(n / 2)),
            modelAsked: pick(['x', 'y'], n),
          }),
        );
        texts.set(id, text);
        const given = {
          state,
          httpStatus: pick([200, 200, 200, 500, 429], n),
          modelServed: n % 10 === 0 ? null : pick(['x', 'z'], n),
          servedBy: pick(['s1', 's2', null], n),
          ttftMs: n,
        };
        valueOf(await log.close(closed(id, given), bodies({ promptText: text })));
      }),
    );
    await log.shutdown();
    reader = valueOf(await openRequestLogReader(temp.dir));
    all = await everything();
  });
  afterAll(async () => {
    await reader.close();
    temp.remove();
  });

  async function everything(): Promise<readonly RequestSummary[]> {
    const first = valueOf(await reader.list({ filter: {}, limit: 1000 }));
    expect(first.more).toBe(false);
    return first.rows;
  }

  function matches(row: RequestSummary, filter: RequestFilter): boolean {
    const timeMs = Date.parse(row.time);
    const text = texts.get(row.id) ?? '';
    return (
      (filter.sinceMs === undefined || timeMs >= filter.sinceMs) &&
      (filter.untilMs === undefined || timeMs < filter.untilMs) &&
      (filter.model === undefined || row.model === filter.model) &&
      (filter.feature === undefined || row.feature === filter.feature) &&
      (filter.server === undefined || row.served_by === filter.server) &&
      (filter.key === undefined || row.key === filter.key) &&
      (filter.state === undefined || row.state === filter.state) &&
      (filter.httpStatus === undefined || row.http_status === filter.httpStatus) &&
      (filter.search === undefined || filter.search.split(' ').every((word) => text.split(' ').includes(word)))
    );
  }

  const time = fc.integer({ min: NOON - 60_000, max: NOON + 2 * DAY_MS + ROWS * 1000 });
  const filters = fc.record(
    {
      sinceMs: time,
      untilMs: time,
      model: fc.constantFrom('x', 'y', 'z', 'none'),
      feature: fc.constantFrom('chat', 'code', 'none'),
      server: fc.constantFrom('s1', 's2'),
      key: fc.constantFrom('a', 'b'),
      state: fc.constantFrom(...requestStates),
      httpStatus: fc.constantFrom(200, 429, 500),
      search: fc.constantFrom('alpha', 'beta gamma', 'n17', 'delta n7'),
    },
    { requiredKeys: [] },
  );

  it('hold all rows, newest first', () => {
    expect(all).toHaveLength(ROWS);
    const ids = all.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
  });

  it('hold exactly what matches, whatever the filter, page size and direction', async () => {
    await fc.assert(
      fc.asyncProperty(
        filters,
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 0, max: ROWS - 1 }),
        fc.constantFrom('first', 'before', 'after'),
        async (filter, limit, at, from) => {
          const expected = expectedPage(all, matches, { filter, limit, at, from });
          const page = valueOf(await reader.list(expected.query));
          expect(page.rows).toEqual(expected.rows);
          expect(page.more).toBe(expected.more);
          expect(page.warnings).toBeUndefined();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('offer the values that occur, most frequent first', async () => {
    const facets = valueOf(await reader.facets({}));
    expect(facets.keys.toSorted()).toEqual(['a', 'b']);
    expect(facets.models[0]).toBe('x');
    expect(facets.features.toSorted()).toEqual(['chat', 'code']);
    expect(valueOf(await reader.facets({ untilMs: NOON - DAY_MS })).models).toEqual([]);
  });

  it('agree with the traffic of a window', async () => {
    const nowMs = NOON + 2 * DAY_MS + ROWS * 1000;
    const windowMs = 200_000;
    const inside = all.filter((row) => Date.parse(row.time) >= nowMs - windowMs);
    const ttft = inside.map((row) => row.ttft_ms ?? 0).sort((a, b) => a - b);
    const stats = valueOf(await reader.traffic(windowMs, nowMs));
    expect(stats).toMatchObject({
      requests: inside.length,
      errors: inside.filter(({ state }) => state === 'error').length,
      rejected: inside.filter(({ state }) => state === 'rejected').length,
      running: 0,
      promptTokens: inside.length * 11,
      completionTokens: inside.length * 7,
    });
    expect(inside.length).toBeGreaterThan(50);
    const middle = (ttft.length - 1) / 2;
    expect(stats.ttftP50Ms).toBe(((ttft[Math.floor(middle)] ?? 0) + (ttft[Math.ceil(middle)] ?? 0)) / 2);
  });

  it('are never an error, whatever is searched for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 100 }), async (search) => {
        valueOf(await reader.list({ filter: { search }, limit: 5 }));
      }),
      { numRuns: 100 },
    );
  });
});
