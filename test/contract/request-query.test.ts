import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeRequestQuery } from '../../electron/contract/complete-request-query.ts';
import { queryFields } from '../../electron/contract/request-query-fields.ts';
import { parseRequestQuery, printRequestQuery } from '../../electron/contract/request-query.ts';
import { requestStates } from '../../electron/contract/request-row.ts';
import type { RequestFilter } from '../../electron/contract/request-row.ts';

const NOW = Date.UTC(2026, 0, 31, 12);

describe('the query box', () => {
  it('reads every field, and searches for the rest', () => {
    const text =
      'model:x state:error ttft:>2s tokens:>1000 status:5xx "exact words" -word since:1h feature:duo_chat key:ci server:a';
    expect(parseRequestQuery(text, NOW)).toEqual({
      filter: {
        model: 'x',
        state: 'error',
        ttftMinMs: 2000,
        tokensMin: 1001,
        statusClass: 5,
        sinceMs: NOW - 3_600_000,
        feature: 'duo_chat',
        key: 'ci',
        server: 'a',
        search: '"exact words" -word',
      },
      problems: [],
    });
  });

  it.each<[string, RequestFilter]>([
    ['status:404', { httpStatus: 404 }],
    ['ttft:200ms..1.5s', { ttftMinMs: 200, ttftMaxMs: 1500 }],
    ['duration:>1m duration:<=2m', { durationMinMs: 60_000, durationMaxMs: 120_000 }],
    ['tokens:<50', { tokensMax: 49 }],
    ['tokens:50..60', { tokensMin: 50, tokensMax: 60 }],
    ['until:2026-01-31T10:00', { untilMs: NOW - 7_200_000 }],
    ['since:2026-01-31', { sinceMs: NOW - 43_200_000 }],
    ['since:2026-01-31T12:00+02:00', { sinceMs: NOW - 7_200_000 }],
    ['model:"a \\"b\\" c" in:prompt fox', { model: 'a "b" c', searchIn: 'prompt', search: 'fox' }],
    ['finish:length code:TIMED_OUT id:req-1', { finishReason: 'length', errorCode: 'TIMED_OUT', requestId: 'req-1' }],
    ['MODEL:x', { model: 'x' }],
    ['see http://host/x (a OR b)', { search: 'see http://host/x (a OR b)' }],
    ['model:org/name:tag', { model: 'org/name:tag' }],
    ['   ', {}],
  ])('%s', (text, filter) => {
    expect(parseRequestQuery(text, NOW)).toEqual({ filter, problems: [] });
  });

  it.each([
    ['x state:bogus', 2, 13, 'use one of'],
    ['status:9', 0, 8, '5xx'],
    ['ttft:2s', 0, 7, '>2s'],
    ['tokens:>x', 0, 9, '>1000'],
    ['since:yesterday', 0, 15, '7d'],
    ['model:', 0, 6, 'missing'],
    ['in:body', 0, 7, 'prompt'],
    ['model:a model:b', 8, 15, 'twice'],
  ])('says what is wrong with %s, and where', (text, from, to, reason) => {
    expect(parseRequestQuery(text, NOW).problems).toEqual([{ from, to, reason: expect.stringContaining(reason) }]);
  });

  const word = fc.string({ minLength: 1, maxLength: 12 });
  const bound = fc.integer({ min: 0, max: 1e9 }).map((value) => value / 1000);
  const count = fc.integer({ min: 0, max: 1e9 });
  const time = fc.integer({ min: 0, max: 4e12 });
  const filters: fc.Arbitrary<RequestFilter> = fc.record(
    {
      sinceMs: time,
      untilMs: time,
      model: word,
      feature: word,
      server: word,
      key: word,
      state: fc.constantFrom(...requestStates),
      httpStatus: fc.integer({ min: 100, max: 599 }),
      statusClass: fc.integer({ min: 1, max: 5 }),
      finishReason: word,
      errorCode: word,
      requestId: word,
      ttftMinMs: bound,
      ttftMaxMs: bound,
      durationMinMs: bound,
      durationMaxMs: bound,
      tokensMin: count,
      tokensMax: count,
      searchIn: fc.constantFrom('prompt', 'answer', 'both'),
      search: fc.constantFrom('fox', '"two words" -fox', 'a OR (b c)', 'pre*', '"never closed', 'x:y'),
    },
    { requiredKeys: [] },
  );

  it('prints any filter so that it is read again as the same', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const { filter: read, problems } = parseRequestQuery(printRequestQuery(filter), NOW);
        expect(problems).toEqual([]);
        expect(Object.keys(read).sort()).toEqual(Object.keys(filter).sort());
        for (const [name, value] of Object.entries(filter)) {
          const again = read[name as keyof RequestFilter];
          // Seconds and milliseconds are the same but for the last bit.
          if (name.endsWith('Ms')) expect(again).toBeCloseTo(value as number, 6);
          else expect(again).toEqual(value);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('takes anything that is typed, and prints what it has understood', () => {
    const piece = fc.oneof(
      word,
      fc.constantFrom('"', '\\', ' ', ':', '-', '(', ')', ...queryFields.map(({ name }) => `${name}:`)),
      fc.constantFrom('>', '..', '5xx', '2s', '1h'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const { filter, problems } = parseRequestQuery(text, NOW);
        for (const { from, to } of problems) expect(from < to && to <= text.length).toBe(true);
        expect(parseRequestQuery(printRequestQuery(filter), NOW).filter).toEqual(filter);
      }),
      { numRuns: 3000 },
    );
  });

  it('keeps words that look like a field as words', () => {
    expect(parseRequestQuery(printRequestQuery({ search: 'model:x fox' }), NOW).filter).toEqual({
      search: '"model:x" fox',
    });
  });
});

describe('completion', () => {
  const known = { model: ['small', 'large', 'my model'] };
  const texts = (text: string, cursor = text.length) =>
    completeRequestQuery(text, cursor, known).candidates.map((candidate) => candidate.text);

  it('offers fields, then their values', () => {
    expect(texts('')).toHaveLength(queryFields.length);
    expect(texts('fox st')).toEqual(['state:', 'status:']);
    expect(texts('model:')).toEqual(['model:small ', 'model:large ', 'model:"my model" ']);
    expect(texts('model:l')).toEqual(['model:large ', 'model:small ', 'model:"my model" ']);
    expect(texts('model:"my m')).toEqual(['model:"my model" ']);
    expect(texts('state:err')).toEqual(['state:error ']);
    expect(texts('nothing:')).toEqual([]);
  });

  it('replaces the word at the cursor alone', () => {
    expect(completeRequestQuery('sta model:x', 3, known)).toMatchObject({ from: 0, to: 3 });
    expect(completeRequestQuery('fox state:o more', 11, known)).toMatchObject({ from: 4, to: 11 });
  });

  it('offers only what can be read', () => {
    for (const { name } of queryFields) {
      for (const text of texts(`${name}:`)) expect(parseRequestQuery(text, NOW).problems).toEqual([]);
    }
  });
});
