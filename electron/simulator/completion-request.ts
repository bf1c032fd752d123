import type { Parsed } from './api-error.ts';
import { badRequest, invalidBody, parsed, refused } from './api-error.ts';
import type { JsonObject } from './request-body.ts';
import { FieldReader } from './request-body.ts';
import type { SamplingRequest } from './sampling.ts';
import { parseSampling } from './sampling.ts';
import { decode, encode, isTokenId } from './tokenizer.ts';

export interface Prompt {
  readonly text: string;
  readonly tokenIds: readonly number[];
}

export interface CompletionRequest extends SamplingRequest {
  readonly prompts: readonly Prompt[];
  readonly echo: boolean;
}

const mostPrompts = 1024;
/** What vLLM allows when a completions request does not say. */
const defaultCompletionTokens = 16;

export function parseCompletionRequest(body: JsonObject): Parsed<CompletionRequest> {
  const sampling = parseSampling(body);
  if (!sampling.ok) return sampling;
  const prompts = parsePrompts(body['prompt'] ?? null, 'prompt');
  if (!prompts.ok) return prompts;
  const fields = new FieldReader(body);
  const echo = fields.boolean('echo');
  if (fields.error !== null) return refused(fields.error);
  return parsed({
    ...sampling.value,
    maxTokens: sampling.value.maxTokens ?? defaultCompletionTokens,
    prompts: prompts.value,
    echo,
  });
}

/** A text, texts, token ids or lists of token ids: the `prompt` of completions and the `input` of embeddings. */
export function parsePrompts(value: unknown, name: string): Parsed<readonly Prompt[]> {
  if (value === null) return refused(invalidBody('missing', [name], 'Field required'));
  const isTokenList = Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number');
  const items: readonly unknown[] = Array.isArray(value) && !isTokenList ? value : [value];
  if (items.length === 0)
    return refused(badRequest(`Either ${name} or prompt_embeds must be provided and non-empty.`, name));
  if (items.length > mostPrompts) {
    return refused(badRequest(`At most ${mostPrompts} prompts are allowed in a request, got ${items.length}.`, name));
  }
  const prompts: Prompt[] = [];
  for (const item of items) {
    const prompt = parsePrompt(item, name);
    if (!prompt.ok) return prompt;
    prompts.push(prompt.value);
  }
  return parsed(prompts);
}

function parsePrompt(item: unknown, name: string): Parsed<Prompt> {
  if (typeof item === 'string') {
    const tokenIds = encode(item);
    if (tokenIds.length === 0) return refused(badRequest('The decoder prompt cannot be empty', name));
    return parsed({ text: item, tokenIds });
  }
  if (!Array.isArray(item) || item.length === 0) {
    return refused(invalidBody('string_type', [name], 'Input should be a valid string'));
  }
  const unknown = item.find((id) => !isTokenId(id));
  if (unknown !== undefined) return refused(badRequest(`Token id ${String(unknown)} is out of vocabulary`, name));
  const tokenIds = item.filter(isTokenId);
  return parsed({ text: decode(tokenIds) ?? '', tokenIds });
}
