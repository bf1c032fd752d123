import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Result } from '../contract/outpost-error.ts';
import { fail, succeed } from '../contract/outpost-error.ts';
import type { AllowedKey, Routing } from './routing.ts';

/**
 * The key of a request, or null when it has none and none is needed. A key that is given must be known, needed or not: a
 * mistyped one must not pass as "no key". Only digests are compared, so timing tells nothing about a key.
 */
export function checkKey(routing: Routing, headers: IncomingHttpHeaders): Result<AllowedKey | null> {
  const given = givenKey(headers);
  if (given === null) {
    if (!routing.table.keysRequired) return succeed(null);
    return fail(
      'KEY_MISSING',
      "Outpost's gateway needs an API key, and the request has none.",
      'Send it as "Authorization: Bearer KEY" or "x-api-key: KEY"; the operator makes one with "outpost keys add NAME".',
    );
  }
  const key = routing.keys.get(hash('sha256', given, 'hex'));
  if (key) return succeed(key);
  return fail(
    'KEY_INVALID',
    "Outpost's gateway does not know the API key of this request; it was revoked or is mistyped.",
    'Use a key from "outpost keys list", or make a new one with "outpost keys add NAME".',
  );
}

function givenKey(headers: IncomingHttpHeaders): string | null {
  const { authorization } = headers;
  if (authorization !== undefined && authorization.trim() !== '') {
    return /^Bearer\s+(\S+)\s*$/i.exec(authorization)?.[1] ?? authorization;
  }
  const single = headers['x-api-key'] ?? headers['api-key'];
  const text = Array.isArray(single) ? single.join(',') : single;
  return text === undefined || text.trim() === '' ? null : text.trim();
}
