/** Token counts as a response shows them. */
export interface Usage {
  readonly prompt_tokens: number;
  readonly total_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens: number } | null;
  readonly completion_tokens_details?: null;
}

/** In JSON answers: fields without a value are null. */
export function fullUsage(promptTokens: number, completionTokens: number, cachedTokens: number | null): Usage {
  return {
    ...streamedUsage(promptTokens, completionTokens, null),
    prompt_tokens_details: cachedTokens === null ? null : { cached_tokens: cachedTokens },
    completion_tokens_details: null,
  };
}

/** In streams: fields without a value are absent. */
export function streamedUsage(promptTokens: number, completionTokens: number, cachedTokens: number | null): Usage {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens: completionTokens,
    ...(cachedTokens === null ? {} : { prompt_tokens_details: { cached_tokens: cachedTokens } }),
  };
}
