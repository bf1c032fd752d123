import type { Result } from '../contract/outpost-error.ts';
import { fail, succeed } from '../contract/outpost-error.ts';
import type { AllowedKey } from './routing.ts';

/** Part of the path below /v1 by which keys are restricted: chat for /v1/chat/completions. */
export function routeName(upstreamPath: string): string {
  return /^\/v1\/([^/?]*)/.exec(upstreamPath)?.[1] ?? '';
}

/**
 * Whether a key is still valid and may use the feature (null: none, the model is named by the client) and the path (null:
 * the list of models, which every key may read). Errors KEY_EXPIRED, FEATURE_NOT_ALLOWED, ROUTE_NOT_ALLOWED.
 */
export function checkScope(
  key: AllowedKey,
  asked: { readonly feature: string | null; readonly upstreamPath: string | null },
  nowMs: number,
): Result<null> {
  if (key.expiresAtMs !== null && nowMs >= key.expiresAtMs) {
    return fail(
      'KEY_EXPIRED',
      `The API key "${key.name}" expired in Outpost on ${new Date(key.expiresAtMs).toISOString()}.`,
      'The operator makes a new one with "outpost keys add NAME".',
    );
  }
  if (key.features !== null && (asked.feature === null || !key.features.has(asked.feature))) {
    const what = asked.feature === null ? '/v1 without a feature' : `the feature "${asked.feature}"`;
    return fail(
      'FEATURE_NOT_ALLOWED',
      `The API key "${key.name}" may not use ${what} in Outpost. It may use ${listed(key.features)}.`,
      'Use /features/FEATURE/v1 with one of them, or ask the operator for another key.',
    );
  }
  if (asked.upstreamPath === null || key.routes === null || key.routes.has(routeName(asked.upstreamPath))) {
    return succeed(null);
  }
  return fail(
    'ROUTE_NOT_ALLOWED',
    `The API key "${key.name}" may not use /v1/${routeName(asked.upstreamPath).slice(0, 64)} in Outpost. It may use ${listed(key.routes)}.`,
    'Use one of these routes, or ask the operator for another key.',
  );
}

function listed(names: ReadonlySet<string>): string {
  return [...names].join(', ');
}
