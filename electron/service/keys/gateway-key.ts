import { createHash, randomBytes } from 'node:crypto';

/** A new gateway API key: "outpost_" and 32 random bytes in base64url. */
export function makeGatewayKey(): string {
  return `outpost_${randomBytes(32).toString('base64url')}`;
}

/** Lower-case hex SHA-256, as the route table holds it. A key has 256 random bits, so a plain digest is enough. */
export function digestKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
