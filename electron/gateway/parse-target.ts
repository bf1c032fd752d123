import type { Result } from '../contract/outpost-error.ts';
import { fail, succeed } from '../contract/outpost-error.ts';

/** What a request is aimed at. */
export type Target =
  | { readonly kind: 'health' | 'ready' | 'metrics' }
  | { readonly kind: 'models'; readonly feature: string | null; readonly model: string | null }
  | {
      readonly kind: 'inference';
      readonly feature: string | null;
      /** Path and query below the base URL of a model server, such as `/v1/chat/completions`. */
      readonly upstreamPath: string;
      readonly family: ApiFamily;
    };

/** Which shape bodies, answers and streamed events have. */
export type ApiFamily = 'chat' | 'completions' | 'responses' | 'messages' | 'other';

const FAMILIES: Readonly<Record<string, ApiFamily>> = {
  '/v1/chat/completions': 'chat',
  '/v1/completions': 'completions',
  '/v1/responses': 'responses',
  '/v1/messages': 'messages',
};

const FEATURE_PATH = /^\/features\/([A-Za-z0-9_.-]{1,100})(\/v1(?:\/.*)?)$/;
/** `.` and `..` as path segments, also percent-encoded: a proxy behind could leave /v1 with them. */
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i;

/** Reads path and method; the errors are ROUTE_UNKNOWN, METHOD_NOT_ALLOWED and WEBSOCKET_UNSUPPORTED. */
export function parseTarget(method: string, url: string, isUpgrade: boolean): Result<Target> {
  const queryAt = url.indexOf('?');
  const path = queryAt < 0 ? url : url.slice(0, queryAt);
  const query = queryAt < 0 ? '' : url.slice(queryAt);
  const isRead = method === 'GET' || method === 'HEAD';
  if (path === '/health' || path === '/ready' || path === '/metrics') {
    return isRead ? succeed({ kind: path.slice(1) as 'health' | 'ready' | 'metrics' }) : wrongMethod(method, path);
  }
  const ofFeature = FEATURE_PATH.exec(path);
  const feature = ofFeature?.[1] ?? null;
  const apiPath = ofFeature?.[2] ?? path;
  if (!apiPath.startsWith('/v1/') || DOT_SEGMENT.test(apiPath)) return unknownRoute(method, path);
  if (isUpgrade || apiPath === '/v1/realtime') {
    return fail(
      'WEBSOCKET_UNSUPPORTED',
      `Outpost's gateway does not carry WebSocket connections, which ${path} needs.`,
      'Use the HTTP routes, such as /v1/chat/completions with "stream": true.',
    );
  }
  if (apiPath === '/v1/models' || apiPath.startsWith('/v1/models/')) {
    if (!isRead) return wrongMethod(method, path);
    const model = decodeSegment(apiPath.slice('/v1/models/'.length));
    return model === null ? unknownRoute(method, path) : succeed({ kind: 'models', feature, model: model || null });
  }
  if (method !== 'POST') return wrongMethod(method, path);
  const family = FAMILIES[apiPath] ?? 'other';
  return succeed({ kind: 'inference', feature, upstreamPath: apiPath + query, family });
}

/** Methods that a path answers to, for the `allow` header. */
export function allowedMethods(url: string): string {
  return /^\/(health|ready|metrics)(\?|$)|\/v1\/models(\/|\?|$)/.test(url) ? 'GET, HEAD' : 'POST';
}

function unknownRoute(method: string, path: string): Result<never> {
  return fail(
    'ROUTE_UNKNOWN',
    `Outpost's gateway has no route ${method} ${path.slice(0, 200)}.`,
    'It has /v1/* (such as /v1/chat/completions and /v1/models), /features/FEATURE/v1/*, /health, /ready and /metrics.',
  );
}

function wrongMethod(method: string, path: string): Result<never> {
  const allowed = allowedMethods(path);
  return fail(
    'METHOD_NOT_ALLOWED',
    `Outpost's gateway does not answer ${method} on ${path.slice(0, 200)}.`,
    `Use ${allowed}.`,
  );
}

/** A percent-decoded path segment, or null when it is not well-formed. */
function decodeSegment(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // decodeURIComponent says only this way that the text is malformed.
    return null;
  }
}
