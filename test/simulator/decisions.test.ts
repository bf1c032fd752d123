import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAuthorized, isGuarded } from '../../electron/simulator/api-key-guard.ts';
import { DeadlineHeap } from '../../electron/simulator/deadline-heap.ts';
import { embed, toBase64 } from '../../electron/simulator/embedding-vector.ts';
import { decimalBounds } from '../../electron/simulator/engine-families.ts';
import { requestFault } from '../../electron/simulator/faults.ts';
import { formatUvicornLine, formatVllmLines } from '../../electron/simulator/log-lines.ts';
import { PrefixCache } from '../../electron/simulator/prefix-cache.ts';
import { nextStatsLine } from '../../electron/simulator/stats-line.ts';

describe('api key guard', () => {
  it('guards the documented prefixes except for OPTIONS', () => {
    for (const path of ['/v1/models', '/v2/embed', '/inference/v1/generate', '/cohere/v2/chat']) {
      expect([isGuarded('GET', path), isGuarded('OPTIONS', path)]).toEqual([true, false]);
    }
    for (const path of ['/health', '/metrics', '/tokenize', '/version']) expect(isGuarded('GET', path)).toBe(false);
  });

  it('accepts any of the keys, the scheme in any case, and everyone without keys', () => {
    expect(isAuthorized('Bearer b', ['a', 'b'])).toBe(true);
    expect(isAuthorized('bEARER a', ['a', 'b'])).toBe(true);
    expect(isAuthorized(undefined, [])).toBe(true);
    for (const header of [undefined, '', 'Bearer', 'Bearer c', 'Basic a', 'a'])
      expect(isAuthorized(header, ['a', 'b'])).toBe(false);
  });
});

describe('deadline heap', () => {
  it('gives things back in order of their due time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (times) => {
        const heap = new DeadlineHeap<{ dueAtMs: number }>();
        for (const dueAtMs of times) heap.push({ dueAtMs });
        const popped = times.map(() => heap.pop()?.dueAtMs);
        expect(popped).toEqual(times.toSorted((a, b) => a - b));
        expect(heap.pop()).toBeUndefined();
      }),
    );
  });
});

describe('embedding vectors', () => {
  it('have length one, are the same for the same tokens, and say so in base64', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1 }), fc.integer({ min: 2, max: 64 }), (ids, dimensions) => {
        const vector = embed(ids, 3, dimensions);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
        expect(embed(ids, 3, dimensions)).toEqual(vector);
        const bytes = Buffer.from(toBase64(vector), 'base64');
        expect(Array.from(vector, (_, index) => bytes.readFloatLE(index * 4))).toEqual([...vector]);
      }),
    );
  });

  it('point in similar directions for texts that share tokens', () => {
    const dot = (a: Float32Array, b: Float32Array): number =>
      a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
    const [one, near, far] = [
      [1, 2, 3, 4],
      [1, 2, 3, 9],
      [50, 60, 70, 80],
    ].map((ids) => embed(ids, 0, 256)) as [Float32Array, Float32Array, Float32Array];
    expect(dot(one, near)).toBeGreaterThan(dot(one, far) + 0.3);
  });
});

describe('prefix cache', () => {
  it('counts whole blocks from the start and leaves one token to compute', () => {
    const cache = new PrefixCache(4, 100);
    const prompt = Array.from({ length: 10 }, (_, index) => index);
    expect(cache.lookUp(prompt)).toBe(0);
    expect(cache.lookUp(prompt)).toBe(8);
    expect(cache.lookUp([...prompt.slice(0, 4), 99, 98, 97, 96])).toBe(4);
    expect(cache.lookUp([99, ...prompt.slice(1)])).toBe(0);
    expect(cache.lookUp(prompt.slice(0, 8))).toBe(4);
  });

  it('forgets the least recently used blocks', () => {
    const cache = new PrefixCache(1, 2);
    cache.lookUp([1, 0]);
    cache.lookUp([2, 0]);
    expect(cache.lookUp([1, 5])).toBe(0);
  });
});

describe('statistics line', () => {
  const gauges = { running: 2, waiting: 1, kvCacheUsage: 0.031 };
  const zero = { promptTokensComputed: 0, generationTokens: 0, cacheQueries: 0, cacheHits: 0 };

  it('shows rates of the interval in the words of vLLM', () => {
    const reading = { promptTokensComputed: 5123, generationTokens: 874, cacheQueries: 100, cacheHits: 41 };
    expect(nextStatsLine({ previous: zero, wasIdle: true }, reading, gauges, 10).line).toBe(
      'Engine 000: Avg prompt throughput: 512.3 tokens/s, Avg generation throughput: 87.4 tokens/s, ' +
        'Running: 2 reqs, Waiting: 1 reqs, GPU KV cache usage: 3.1%, Prefix cache hit rate: 41.0%',
    );
  });

  it('falls silent at the second interval without a token', () => {
    const busy = nextStatsLine({ previous: zero, wasIdle: true }, { ...zero, generationTokens: 5 }, gauges, 1);
    const first = nextStatsLine(busy.state, busy.state.previous, gauges, 1);
    const second = nextStatsLine(first.state, first.state.previous, gauges, 1);
    expect([busy.line === null, first.line === null, second.line === null]).toEqual([false, false, true]);
  });
});

describe('faults by request', () => {
  const none = {
    oomAtStart: false,
    crashAfterSeconds: null,
    crashAfterRequests: null,
    hangAfterRequests: null,
    health503AfterSeconds: null,
    ignoreSigterm: false,
    escapingChildren: 0,
    exitCode: 1,
  };

  it('begin with the request after the last one that is served', () => {
    expect([1, 2, 3].map((number) => requestFault({ ...none, crashAfterRequests: 2 }, number))).toEqual([
      'none',
      'none',
      'crash',
    ]);
    expect([1, 2].map((number) => requestFault({ ...none, hangAfterRequests: 0 }, number))).toEqual(['hang', 'hang']);
    expect(requestFault(none, 1000)).toBe('none');
  });
});

describe('log lines', () => {
  it('repeat their header on every line of a message', () => {
    const at = new Date(2026, 7, 3, 4, 5, 6);
    expect(formatVllmLines('ERROR', at, 'core.py:1', 'one\ntwo')).toEqual([
      'ERROR 08-03 04:05:06 [core.py:1] one',
      'ERROR 08-03 04:05:06 [core.py:1] two',
    ]);
    expect(formatUvicornLine('INFO', 'x')).toBe('INFO:     x');
  });
});

describe('histogram bounds of token counts', () => {
  it('are 1, 2, 5 times powers of ten up to the context length', () => {
    expect(decimalBounds(100)).toEqual([1, 2, 5, 10, 20, 50, 100]);
    expect(decimalBounds(99)).toEqual([1, 2, 5, 10, 20, 50]);
  });
});
