import type { RequestDetail } from '../../electron/contract/request-row.ts';
import { asObject, parseJson } from './read-json.ts';

/** What is sent again below the playground's address. */
export interface ReplayRequest {
  readonly path: string;
  readonly body: string;
}

/**
 * The recorded request as it was sent, or with another model in it; null when it cannot be sent again, because its body
 * is no JSON or is not kept. At a feature's address the model comes from the feature's setting, so that another model is
 * asked at the plain address.
 */
export function buildReplay(
  request: Pick<RequestDetail, 'method' | 'route' | 'request_body'>,
  model: string | null,
): ReplayRequest | null {
  const { method, route, request_body: body } = request;
  const parsed = method === 'POST' && typeof body === 'string' ? asObject(parseJson(body)) : null;
  if (!parsed || typeof body !== 'string') return null;
  if (model === null) return { path: route, body };
  return { path: route.replace(/^\/features\/[^/]+(?=\/)/, ''), body: JSON.stringify({ ...parsed, model }) };
}
