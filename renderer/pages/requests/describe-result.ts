import { asArray, asNumber, asObject, asString, parseJson } from '../../stores/read-json.ts';

/** What an answer without text holds, in lines for people: embeddings, ranks, scores; empty when it is none of these. */
export function describeResult(body: string): readonly string[] {
  const whole = asObject(parseJson(body));
  if (!whole) return [];
  const results = asArray(whole['results']).map(asObject);
  if (results.some((one) => asNumber(one?.['relevance_score']) !== null)) {
    return results.map((one) => {
      const document = asObject(one?.['document']);
      const text = asString(document?.['text']);
      const place = (asNumber(one?.['index']) ?? 0) + 1;
      return `Document ${place}: relevance ${scoreText(one?.['relevance_score'])}${text === null ? '' : ` (${text})`}`;
    });
  }
  const data = asArray(whole['data']).map(asObject);
  if (data.some((one) => asNumber(one?.['score']) !== null)) {
    return data.map((one, index) => `Pair ${index + 1}: score ${scoreText(one?.['score'])}`);
  }
  const vectors = data.flatMap((one) => {
    const vector = one?.['embedding'] ?? one?.['data'];
    // OpenAI's base64 holds 4 bytes for each number.
    if (typeof vector === 'string') return [Math.floor((vector.replace(/=+$/, '').length * 3) / 16)];
    return Array.isArray(vector) ? [vector.length] : [];
  });
  const [first] = vectors;
  if (first === undefined) return [];
  const count = vectors.length === 1 ? '1 vector' : `${vectors.length.toLocaleString('en-US')} vectors`;
  const even = vectors.every((length) => length === first);
  return [even ? `${count} of ${first.toLocaleString('en-US')} numbers` : `${count} of different lengths`];
}

function scoreText(value: unknown): string {
  return asNumber(value)?.toPrecision(4) ?? 'unknown';
}
