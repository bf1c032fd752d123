import { createRandom } from './seeded-random.ts';

/**
 * A unit vector of a text, the same for the same tokens: the sum of one pseudo-random direction per token, so texts that
 * share words point in similar directions. Shorter vectors are the beginning of longer ones, scaled to length one again.
 */
export function embed(tokenIds: readonly number[], seed: number, dimensions: number): Float32Array {
  const sum = new Float64Array(dimensions);
  for (const id of tokenIds) {
    const random = createRandom((seed ^ Math.imul(id + 1, 0x9e3779b1)) >>> 0);
    for (let index = 0; index < dimensions; index += 1) sum[index] = (sum[index] ?? 0) + random() - 0.5;
  }
  const length = Math.hypot(...sum) || 1;
  return Float32Array.from(sum, (value) => value / length);
}

/** The vector's 32-bit floats, little endian, as base64. */
export function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes.toString('base64');
}
