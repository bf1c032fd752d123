import type { KeyRules } from '../../contract/key-rules.ts';

/** Rules of a key as columns of gateway_keys. */
export interface KeyRuleColumns {
  readonly models: string | null;
  readonly features: string | null;
  readonly routes: string | null;
  readonly expiresAtMs: number | null;
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  readonly concurrency: number | null;
  readonly tokensPerDay: number | null;
}

export function rulesToColumns({ models, features, routes, expiresAtMs, limits }: KeyRules): KeyRuleColumns {
  const text = (names: readonly string[] | null) => (names === null ? null : JSON.stringify(names));
  return { models: text(models), features: text(features), routes: text(routes), expiresAtMs, ...limits };
}

export function columnsToRules(columns: KeyRuleColumns): KeyRules {
  const { expiresAtMs, requestsPerMinute, tokensPerMinute, concurrency, tokensPerDay } = columns;
  return {
    models: names(columns.models),
    features: names(columns.features),
    routes: names(columns.routes),
    expiresAtMs,
    limits: { requestsPerMinute, tokensPerMinute, concurrency, tokensPerDay },
  };
}

/** The store alone writes these columns, so what is in them is a list of names. */
function names(text: string | null): string[] | null {
  return text === null ? null : (JSON.parse(text) as string[]);
}
