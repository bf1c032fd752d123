import { asCount, asObject } from './read-json.ts';

/** Token counts as the model server reports them; unknown is null. */
export interface TokenUsage {
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly cachedTokens: number | null;
}

export const unknownUsage: TokenUsage = { promptTokens: null, completionTokens: null, cachedTokens: null };

/** Reads a `usage` object of any of the API shapes; null when it is none. */
export function readUsage(value: unknown): TokenUsage | null {
  const usage = asObject(value);
  if (usage === null) return null;
  const details = asObject(usage['prompt_tokens_details']) ?? asObject(usage['input_tokens_details']);
  return {
    promptTokens: asCount(usage['prompt_tokens']) ?? asCount(usage['input_tokens']),
    completionTokens: asCount(usage['completion_tokens']) ?? asCount(usage['output_tokens']),
    cachedTokens: asCount(details?.['cached_tokens']) ?? asCount(usage['cache_read_input_tokens']),
  };
}

/** Later counts win where they are known: Anthropic's streams report input first and output last. */
export function mergeUsage(before: TokenUsage, after: TokenUsage | null): TokenUsage {
  if (after === null) return before;
  return {
    promptTokens: after.promptTokens ?? before.promptTokens,
    completionTokens: after.completionTokens ?? before.completionTokens,
    cachedTokens: after.cachedTokens ?? before.cachedTokens,
  };
}
