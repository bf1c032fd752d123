import type { ApiError, Parsed } from './api-error.ts';
import { badRequest, invalidBody, parsed, refused } from './api-error.ts';
import type { JsonObject } from './request-body.ts';
import { FieldReader } from './request-body.ts';

/** What chat and completions requests have in common. */
export interface SamplingRequest {
  readonly n: number;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly continuousUsage: boolean;
  /** Null when the request leaves it to the server. */
  readonly maxTokens: number | null;
  readonly minTokens: number;
  readonly ignoreEos: boolean;
  readonly stop: readonly string[];
  readonly stopTokenIds: readonly number[];
  readonly includeStopText: boolean;
  readonly seed: number | null;
  readonly requestId: string | null;
}

const mostStopStrings = 4;

export function parseSampling(body: JsonObject): Parsed<SamplingRequest> {
  const fields = new FieldReader(body);
  const stream = fields.boolean('stream');
  const streamOptions = fields.object('stream_options');
  const options = new FieldReader(streamOptions ?? {});
  const request: SamplingRequest = {
    n: fields.integer('n') ?? 1,
    stream,
    includeUsage: options.boolean('include_usage'),
    continuousUsage: options.boolean('continuous_usage_stats'),
    maxTokens: fields.integer('max_completion_tokens') ?? fields.integer('max_tokens'),
    minTokens: fields.integer('min_tokens') ?? 0,
    ignoreEos: fields.boolean('ignore_eos'),
    stop: fields.strings('stop'),
    stopTokenIds: fields.integers('stop_token_ids'),
    includeStopText: fields.boolean('include_stop_str_in_output'),
    seed: fields.integer('seed'),
    requestId: fields.string('request_id'),
  };
  const temperature = fields.number('temperature');
  const topP = fields.number('top_p');
  const shapeError = fields.error ?? options.error;
  if (shapeError !== null) return refused(shapeError);
  if (streamOptions !== null && !stream) {
    return refused({
      ...invalidBody('value_error', [], 'Value error, Stream options can only be defined when `stream=True`.'),
      param: 'stream_options',
    });
  }
  const rangeError = findRangeError(request, temperature, topP);
  return rangeError === null ? parsed(request) : refused(rangeError);
}

function findRangeError(request: SamplingRequest, temperature: number | null, topP: number | null): ApiError | null {
  if (request.n < 1) return badRequest(`n must be at least 1, got ${request.n}.`, 'n');
  if (temperature !== null && temperature < 0) {
    return badRequest(`temperature must be non-negative, got ${temperature}.`, 'temperature');
  }
  if (topP !== null && (topP <= 0 || topP > 1)) return badRequest(`top_p must be in (0, 1], got ${topP}.`, 'top_p');
  if (request.maxTokens !== null && request.maxTokens < 1) {
    return badRequest(`max_tokens must be at least 1, got ${request.maxTokens}.`, 'max_tokens');
  }
  if (request.minTokens < 0)
    return badRequest(`min_tokens must be greater than or equal to 0, got ${request.minTokens}.`, 'min_tokens');
  if (request.maxTokens !== null && request.minTokens > request.maxTokens) {
    return badRequest(
      `min_tokens must be less than or equal to max_tokens=${request.maxTokens}, got ${request.minTokens}.`,
      'min_tokens',
    );
  }
  if (request.stop.includes('')) return badRequest('stop cannot contain an empty string.', 'stop');
  if (request.stop.length > mostStopStrings) {
    return badRequest(`stop may hold at most ${mostStopStrings} strings, got ${request.stop.length}.`, 'stop');
  }
  return null;
}

/** The output tokens a request may have, or vLLM's refusal when prompt and output do not fit the context. */
export function fitContext(promptTokens: number, wanted: number | null, maxModelLength: number): Parsed<number> {
  const room = maxModelLength - promptTokens;
  const asked = wanted ?? 1;
  if (asked <= room) return parsed(wanted ?? room);
  return refused(
    badRequest(
      `This model's maximum context length is ${maxModelLength} tokens. However, you requested ${asked} output tokens ` +
        `and your prompt contains ${promptTokens} input tokens, for a total of ${asked + promptTokens} tokens. ` +
        `Please reduce the length of the input prompt or the number of requested output tokens.`,
      'input_tokens',
    ),
  );
}
