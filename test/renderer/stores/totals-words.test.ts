import { describe, expect, it } from 'vitest';
import type { RequestTotals } from '../../../electron/contract/request-analysis.ts';
import { latencyWords, totalsWords } from '../../../renderer/stores/totals-words.ts';

function totals(requests: number, errors: number, isCapped = false): RequestTotals {
  return {
    requests,
    errors,
    rows: requests,
    isCapped,
    promptTokens: 0,
    completionTokens: 0,
    states: { running: 0, ok: 0, error: errors, rejected: 0, cancelled: 0 },
    ttftMs: null,
    durationMs: null,
    models: [],
  };
}

describe('totalsWords', () => {
  it('says how many and how many of them failed', () => {
    expect(totalsWords(totals(12_345, 148))).toBe('12,345 requests, 1.2 % errors');
    expect(totalsWords(totals(1, 0))).toBe('1 request, 0 % errors');
    expect(totalsWords(totals(0, 0))).toBe('0 requests');
  });

  it('rounds neither to none nor to all', () => {
    expect(totalsWords(totals(100_000, 1))).toContain('under 0.1 %');
    expect(totalsWords(totals(100_000, 99_999))).toContain('over 99.9 %');
  });

  it('does not claim to know what was not counted', () => {
    expect(totalsWords(totals(10_000, 500, true))).toBe(
      'More than 10,000 requests, 5 % errors among the newest of them',
    );
  });
});

describe('latencyWords', () => {
  const percentiles = { p50: 84.2, p90: 301.5, p95: 4127, p99: 9001 };

  it('names what is known', () => {
    expect(latencyWords({ ...totals(5, 0), durationMs: percentiles, ttftMs: percentiles })).toBe(
      'Duration p50 84 ms, p95 4.1 s; TTFT p50 84 ms, p95 4.1 s',
    );
    expect(latencyWords({ ...totals(5, 0), durationMs: percentiles })).toBe('Duration p50 84 ms, p95 4.1 s');
    expect(latencyWords(totals(5, 0))).toBe('');
  });
});
