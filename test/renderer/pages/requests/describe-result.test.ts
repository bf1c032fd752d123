import { describe, expect, it } from 'vitest';
import { describeResult } from '../../../../renderer/pages/requests/describe-result.ts';

const lines = (body: unknown) => describeResult(JSON.stringify(body));

describe('describeResult', () => {
  it('counts vectors and their numbers, as lists and in base64', () => {
    expect(lines({ data: [{ embedding: [0.1, 0.2, 0.3] }, { embedding: [1, 2, 3] }] })).toEqual([
      '2 vectors of 3 numbers',
    ]);
    const base64 = Buffer.from(new Float32Array([1, 2, 3, 4, 5]).buffer).toString('base64');
    expect(lines({ data: [{ embedding: base64 }] })).toEqual(['1 vector of 5 numbers']);
  });

  it('lists ranks and scores', () => {
    expect(lines({ results: [{ index: 1, relevance_score: 0.98765, document: { text: 'blue' } }] })).toEqual([
      'Document 2: relevance 0.9877 (blue)',
    ]);
    expect(lines({ data: [{ score: 0.5 }] })).toEqual(['Pair 1: score 0.5000']);
  });

  it('says nothing of what it does not know', () => {
    expect(lines({ choices: [] })).toEqual([]);
    expect(describeResult('no JSON')).toEqual([]);
  });
});
