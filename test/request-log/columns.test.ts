import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestStates } from '../../electron/contract/request-row.ts';
import type { RequestFilter, RequestSummary } from '../../electron/contract/request-row.ts';
import { openRequestLogReader } from '../../electron/request-log/open-request-log-reader.ts';
import { openRequestLog } from '../../electron/request-log/open-request-log.ts';
import type { RequestLog, RequestLogReader } from '../../electron/request-log/request-log.ts';
import { makeLastingTempDir, makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { DAY_MS, NOON, bodies, closed, openLog, openReader, opened, settings, valueOf, write } from './log-fixtures.ts';
import { expectedPage } from './expected-page.ts';

const ROWS = 600;
const pick = <T>(values: readonly T[], n: number): T => values[n % values.length] as T;

/** Row numbers that are in the columns of a day. */
function keptTo(directory: string, day: string): number {
  const file = path.join(directory, day, 'columns.db');
  if (!existsSync(file)) return 0;
  const database = new Database(file, { readonly: true });
  try {
    const version = database.pragma('user_version', { simple: true });
    return version === 0 ? 0 : Number(database.prepare('SELECT max(last_n) FROM blocks').pluck().get());
  } finally {
    database.close();
  }
}

async function fill(log: RequestLog): Promise<void> {
  await Promise.all(
    Array.from({ length: ROWS }, async (_, n) => {
      const id = log.open(
        opened({
          // Three days, with a clock that steps back now and then.
          timeMs: NOON + Math.floor(n / 200) * DAY_MS + n * 1000 - (n % 37 === 0 ? 20_000 : 0),
          requestId: `req-${n}`,
          key: pick(['a', 'b', null], n),
          feature: pick(['chat', null, 'code'], Math.floor(n / 2)),
          modelAsked: pick(['x', 'y'], n),
        }),
      );
      const given = {
        state: pick(requestStates.slice(1), Math.floor(n / 7) % 11 === 0 ? n : 0) as 'ok',
        httpStatus: pick([200, 200, 201, 500, 429, null], n),
        modelServed: n % 10 === 0 ? null : pick(['x', 'z'], n),
        servedBy: pick(['s1', 's2', null], n),
        ttftMs: n % 4 === 0 ? null : n * 1.5,
        durationMs: (n * 7919) % 1000,
        promptTokens: n % 5 === 0 ? null : n,
        completionTokens: n % 3 === 0 ? null : 2 * n,
        finishReason: pick(['stop', 'length', null], n),
        errorCode: n % 50 === 0 ? 'UPSTREAM_BROKE' : null,
        count: n % 100 === 0 ? 7 : 1,
      };
      valueOf(await log.close(closed(id, given), bodies({ promptText: `${pick(['even', 'odd'], n)} text n${n}` })));
    }),
  );
}

function tokens(row: RequestSummary): number | null {
  if (row.prompt_tokens === null && row.completion_tokens === null) return null;
  return (row.prompt_tokens ?? 0) + (row.completion_tokens ?? 0);
}

function isWithin(value: number | null, min: number | undefined, max: number | undefined): boolean {
  if (min === undefined && max === undefined) return true;
  return value !== null && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
}

function matches(row: RequestSummary, filter: RequestFilter): boolean {
  const timeMs = Date.parse(row.time);
  const n = Number(row.request_id.slice(4));
  const { search } = filter;
  return (
    (filter.sinceMs === undefined || timeMs >= filter.sinceMs) &&
    (filter.untilMs === undefined || timeMs < filter.untilMs) &&
    (filter.model === undefined || row.model === filter.model) &&
    (filter.feature === undefined || row.feature === filter.feature) &&
    (filter.server === undefined || row.served_by === filter.server) &&
    (filter.key === undefined || row.key === filter.key) &&
    (filter.state === undefined || row.state === filter.state) &&
    (filter.httpStatus === undefined || row.http_status === filter.httpStatus) &&
    (filter.statusClass === undefined || Math.floor((row.http_status ?? 0) / 100) === filter.statusClass) &&
    (filter.finishReason === undefined || row.finish_reason === filter.finishReason) &&
    (filter.errorCode === undefined || row.error_code === filter.errorCode) &&
    (filter.requestId === undefined || row.request_id === filter.requestId) &&
    isWithin(row.duration_ms, filter.durationMinMs, filter.durationMaxMs) &&
    isWithin(row.ttft_ms, filter.ttftMinMs, filter.ttftMaxMs) &&
    isWithin(tokens(row), filter.tokensMin, filter.tokensMax) &&
    (search === undefined || (search === 'odd' ? n % 2 === 1 : search === `n${n}`))
  );
}

const time = fc.integer({ min: NOON - 60_000, max: NOON + 2 * DAY_MS + ROWS * 1000 });
const filters: fc.Arbitrary<RequestFilter> = fc.record(
  {
    sinceMs: time,
    untilMs: time,
    model: fc.constantFrom('x', 'y', 'z', 'none'),
    feature: fc.constantFrom('chat', 'code', 'none'),
    server: fc.constantFrom('s1', 's2'),
    key: fc.constantFrom('a', 'b'),
    state: fc.constantFrom(...requestStates),
    httpStatus: fc.constantFrom(200, 429, 500),
    statusClass: fc.constantFrom(2, 4, 5),
    finishReason: fc.constantFrom('stop', 'length'),
    errorCode: fc.constantFrom('UPSTREAM_BROKE', 'NONE'),
    requestId: fc.constantFrom('req-17', 'req-400', 'req-none'),
    durationMinMs: fc.integer({ min: 0, max: 1000 }),
    durationMaxMs: fc.integer({ min: 0, max: 1000 }),
    ttftMinMs: fc.integer({ min: 0, max: 900 }),
    ttftMaxMs: fc.integer({ min: 0, max: 900 }),
    tokensMin: fc.integer({ min: 0, max: 1800 }),
    tokensMax: fc.integer({ min: 0, max: 1800 }),
    search: fc.constantFrom('odd', 'n17'),
  },
  { requiredKeys: [] },
);
// Many conditions at once leave nothing; most examples should find something.
const fewConditions = filters.chain((filter) =>
  fc.subarray(Object.entries(filter), { maxLength: 3 }).map((entries) => Object.fromEntries(entries) as RequestFilter),
);

describe.each([
  ['from columns on disk', true],
  ['from the rows alone', false],
])('questions answered %s', (_, fromDisk) => {
  const temp = makeLastingTempDir();
  let reader: RequestLogReader;
  let all: readonly RequestSummary[] = [];

  beforeAll(async () => {
    const log = valueOf(await openRequestLog({ directory: temp.dir, settings: settings() }));
    await fill(log);
    if (fromDisk) await waitFor(() => keptTo(temp.dir, '20260115') === 200 && keptTo(temp.dir, '20260116') === 200);
    await log.shutdown();
    if (!fromDisk) {
      for (const day of readdirSync(temp.dir).filter((name) => /^\d{8}$/.test(name))) {
        for (const suffix of ['', '-wal', '-shm'])
          rmSync(path.join(temp.dir, day, `columns.db${suffix}`), { force: true });
      }
    }
    reader = valueOf(await openRequestLogReader(temp.dir));
    all = valueOf(await reader.list({ filter: {}, limit: 1000 })).rows;
    expect(all).toHaveLength(ROWS);
  });
  afterAll(async () => {
    await reader.close();
    temp.remove();
  });

  it('list exactly what matches, in both directions', async () => {
    await fc.assert(
      fc.asyncProperty(
        fewConditions,
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 0, max: ROWS - 1 }),
        fc.constantFrom('first', 'before', 'after'),
        async (filter, limit, at, from) => {
          const expected = expectedPage(all, matches, { filter, limit, at, from });
          const page = valueOf(await reader.list(expected.query));
          expect(page.rows).toEqual(expected.rows);
          expect(page.more).toBe(expected.more);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('add up exactly what matches', async () => {
    await fc.assert(
      fc.asyncProperty(fewConditions, async (filter) => {
        const rows = all.filter((row) => matches(row, filter));
        const sum = (valueOf: (row: RequestSummary) => number) => rows.reduce((total, row) => total + valueOf(row), 0);
        const totals = valueOf(await reader.totals(filter));
        expect(totals).toMatchObject({
          rows: rows.length,
          isCapped: false,
          requests: sum(({ count }) => count),
          errors: sum(({ state, count }) => (state === 'error' ? count : 0)),
          promptTokens: sum((row) => row.prompt_tokens ?? 0),
          completionTokens: sum((row) => row.completion_tokens ?? 0),
        });
        for (const state of requestStates) {
          expect(totals.states[state]).toBe(sum((row) => (row.state === state ? row.count : 0)));
        }
        const durations = rows.map((row) => row.duration_ms ?? 0).sort((a, b) => a - b);
        const median = durations[Math.ceil(durations.length / 2) - 1];
        if (median === undefined) expect(totals.durationMs).toBeNull();
        else expect(Math.abs((totals.durationMs?.p50 ?? -1) - median)).toBeLessThanOrEqual(0.008 * median);
        expect(totals.models.reduce((total, { requests }) => total + requests, 0)).toBe(
          sum(({ model, count }) => (model === null ? 0 : count)),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('spread what matches over time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fewConditions,
        time,
        fc.integer({ min: 1, max: 3 * DAY_MS }),
        fc.integer({ min: 1, max: 50 }),
        async (filter, sinceMs, widthMs, buckets) => {
          const untilMs = sinceMs + widthMs;
          const histogram = valueOf(await reader.histogram({ filter, sinceMs, untilMs, buckets }));
          expect(histogram.counts.ok.length).toBeLessThanOrEqual(buckets);
          for (const state of requestStates) {
            const expected = histogram.counts[state].map(() => 0);
            for (const row of all) {
              const timeMs = Date.parse(row.time);
              if (row.state !== state || timeMs < sinceMs || timeMs >= untilMs || !matches(row, filter)) continue;
              const bucket = Math.floor((timeMs - sinceMs) / histogram.bucketMs);
              expected[bucket] = (expected[bucket] ?? 0) + row.count;
            }
            expect(histogram.counts[state]).toEqual(expected);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('count each value that the other conditions leave', async () => {
    await fc.assert(
      fc.asyncProperty(fewConditions, async (filter) => {
        const facets = valueOf(await reader.facetCounts(filter));
        const expected = (without: RequestFilter, valueOf: (row: RequestSummary) => unknown) => {
          const rows = all.filter((row) => matches(row, without) && valueOf(row) !== null);
          return new Map([...Map.groupBy(rows, valueOf)].map(([value, found]) => [value, found.length]));
        };
        const counted = (list: readonly { value: unknown; rows: number }[]) =>
          new Map(list.map(({ value, rows }) => [value, rows]));
        expect(counted(facets.models)).toEqual(expected({ ...filter, model: undefined }, ({ model }) => model));
        expect(counted(facets.states)).toEqual(expected({ ...filter, state: undefined }, ({ state }) => state));
        expect(counted(facets.statuses)).toEqual(
          expected({ ...filter, httpStatus: undefined, statusClass: undefined }, (row) => row.http_status),
        );
        expect(counted(facets.keys)).toEqual(expected({ ...filter, key: undefined }, ({ key }) => key));
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['duration', (row: RequestSummary) => row.duration_ms],
    ['ttft', (row: RequestSummary) => row.ttft_ms],
    ['tokens', tokens],
  ] as const)('sort by %s, largest first', async (sort, valueAt) => {
    await fc.assert(
      fc.asyncProperty(fewConditions, fc.integer({ min: 1, max: 300 }), async (filter, limit) => {
        const expected = all
          .filter((row) => matches(row, filter) && valueAt(row) !== null)
          .toSorted((a, b) => (valueAt(b) ?? 0) - (valueAt(a) ?? 0) || b.id - a.id);
        const page = valueOf(await reader.list({ filter, limit, sort }));
        expect(page.rows).toEqual(expected.slice(0, limit));
        expect(page.more).toBe(expected.length > limit);
      }),
      { numRuns: 40 },
    );
  });
});

describe('columns', () => {
  it('are made for days that were written without, and made again when they are damaged', async () => {
    const directory = makeTempDir();
    const first = await openLog(directory);
    for (let n = 0; n < 5; n += 1) await write(first, { closed: { durationMs: n } });
    await write(first, { opened: { timeMs: NOON + DAY_MS } });
    await first.shutdown();
    const file = path.join(directory, '20260115', 'columns.db');
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    const reader = await openReader(directory);
    expect(valueOf(await reader.totals({})).rows).toBe(6);

    const second = await openLog(directory);
    await waitFor(() => keptTo(directory, '20260115') === 5, { what: 'columns of the former day' });
    expect(valueOf(await reader.totals({ durationMinMs: 3 })).rows).toBe(3);
    await second.shutdown();
    for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    writeFileSync(file, Buffer.alloc(100_000, 7));
    expect(valueOf(await reader.totals({ durationMinMs: 3 }))).toMatchObject({ rows: 3 });

    await openLog(directory);
    await waitFor(() => keptTo(directory, '20260115') === 5, { what: 'columns made again' });
    expect(valueOf(await reader.totals({ durationMinMs: 3 })).rows).toBe(3);
  });

  it('wait for rows that still run, and count them as running until they end', async () => {
    const directory = makeTempDir();
    const log = await openLog(directory);
    await write(log);
    const late = log.open(opened());
    await write(log, { opened: { timeMs: NOON + DAY_MS } });
    const reader = await openReader(directory);
    await waitFor(async () => valueOf(await reader.totals({})).states.running === 1);
    expect(keptTo(directory, '20260115')).toBe(0);
    valueOf(await log.close(closed(late, { state: 'error' }), bodies()));
    expect(valueOf(await reader.totals({})).states).toMatchObject({ running: 0, error: 1, ok: 2 });
    await waitFor(() => keptTo(directory, '20260115') === 2, { what: 'the block whose last row has ended' });
    expect(valueOf(await reader.totals({})).states).toMatchObject({ running: 0, error: 1, ok: 2 });
  });
});
