import type { KeyLimits } from '../../contract/key-rules.ts';
import type { ErrorCode, OutpostError } from '../../contract/outpost-error.ts';
import { outpostError } from '../../contract/outpost-error.ts';
import type { AllowedKey } from '../routing.ts';
import type { KeyEvent, KeyUsage, Refusal } from './key-usage.ts';
import { stepKeyUsage, unusedKey } from './key-usage.ts';

const CODES: Readonly<Record<keyof KeyLimits, ErrorCode>> = {
  requestsPerMinute: 'LIMIT_REQUESTS_PER_MINUTE',
  tokensPerMinute: 'LIMIT_TOKENS_PER_MINUTE',
  concurrency: 'LIMIT_CONCURRENCY',
  tokensPerDay: 'LIMIT_TOKENS_PER_DAY',
};

const WORDS: Readonly<Record<keyof KeyLimits, string>> = {
  requestsPerMinute: 'requests per minute',
  tokensPerMinute: 'tokens per minute',
  concurrency: 'requests at the same time',
  tokensPerDay: 'tokens per day (UTC)',
};

/** What each limited key has used since the gateway started, by the name of the key; other keys are not counted. */
export class KeyLimiter {
  readonly #usages = new Map<string, KeyUsage>();

  /** Counts a request in, or says with a LIMIT_ error which limit of its key is reached. */
  admit(key: AllowedKey, nowMs: number): OutpostError | null {
    if (key.limits === null) return null;
    const refusal = this.#step(key.name, { type: 'ask', limits: key.limits }, nowMs);
    return refusal === null ? null : explainRefusal(key.name, refusal);
  }

  /** To be called once for each request that was admitted. */
  end(key: AllowedKey, tokens: number, nowMs: number): void {
    if (key.limits !== null) this.#step(key.name, { type: 'end', tokens }, nowMs);
  }

  #step(name: string, event: KeyEvent, nowMs: number): Refusal | null {
    const { usage, refusal } = stepKeyUsage(this.#usages.get(name) ?? unusedKey, event, nowMs);
    this.#usages.set(name, usage);
    return refusal;
  }
}

function explainRefusal(name: string, { limit, allowed, used, retryAfterMs }: Refusal): OutpostError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return {
    ...outpostError(
      CODES[limit],
      `The API key "${name}" has reached its limit of ${allowed} ${WORDS[limit]} in Outpost (used: ${used}).`,
      `Try again in ${seconds} s, or ask the operator for a key with a higher limit.`,
    ),
    retryAfterSeconds: seconds,
  };
}
