import { createHash, timingSafeEqual } from 'node:crypto';

const guardedPrefixes = ['/v1', '/v2', '/inference', '/cohere'] as const;

/** Whether a key is needed here, provided that the server has keys. */
export function isGuarded(method: string, path: string): boolean {
  return method !== 'OPTIONS' && guardedPrefixes.some((prefix) => path.startsWith(prefix));
}

/** Whether the Authorization header carries one of the keys as a bearer token. Without keys everyone is let in. */
export function isAuthorized(authorization: string | undefined, apiKeys: readonly string[]): boolean {
  if (apiKeys.length === 0) return true;
  const [scheme = '', token = ''] = (authorization ?? '').split(' ', 2);
  if (scheme.toLowerCase() !== 'bearer') return false;
  const given = digest(token);
  return apiKeys.filter((key) => timingSafeEqual(digest(key), given)).length > 0;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
