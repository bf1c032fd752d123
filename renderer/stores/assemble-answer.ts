import { parseSse } from './parse-sse.ts';
import { asArray, asNumber, asObject, asString, parseJson } from './read-json.ts';
import type { JsonObject } from './read-json.ts';

export interface ToolCall {
  readonly name: string;
  /** As the model wrote them, usually JSON. */
  readonly arguments: string;
}

/** What a model answered, put together from whichever protocol and from a stream or a whole body. */
export interface Answer {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: string | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  /** Message of an error in place of, or in the middle of, the answer; null when there was none. */
  readonly error: string | null;
}

export const emptyAnswer: Answer = {
  text: '',
  reasoning: '',
  toolCalls: [],
  finishReason: null,
  promptTokens: null,
  completionTokens: null,
  error: null,
};

/** Reads a response body; null when it holds nothing that is text for people, such as embeddings. */
export function readAnswer(body: string): Answer | null {
  const whole = asObject(parseJson(body));
  const answer = whole
    ? addAnswerPart(emptyAnswer, whole)
    : parseSse(body).reduce((sum, { data }) => {
        const part = asObject(parseJson(data));
        return part ? addAnswerPart(sum, part) : sum;
      }, emptyAnswer);
  const { text, reasoning, toolCalls, error } = answer;
  return text !== '' || reasoning !== '' || toolCalls.length > 0 || error !== null ? answer : null;
}

/** Adds an event of a stream, or a whole body, in the shape of OpenAI's chat, completions or responses, or Anthropic's. */
export function addAnswerPart(answer: Answer, part: JsonObject): Answer {
  const type = asString(part['type']);
  const failure = asObject(part['error']);
  if (failure) return { ...answer, error: asString(failure['message']) ?? JSON.stringify(failure) };
  if (type?.startsWith('response.')) return addResponsesEvent(answer, type, part);
  if (Array.isArray(part['output']) && part['object'] === 'response') return addResponsesBody(answer, part);
  if (Array.isArray(part['choices'])) return addChoices(addUsage(answer, part['usage']), part['choices']);
  return addAnthropic(answer, type, part);
}

function addChoices(answer: Answer, choices: readonly unknown[]): Answer {
  // Further choices of n > 1 are alternatives; the first is shown, the raw body has all.
  const choice = choices.map(asObject).find((one) => one && (asNumber(one['index']) ?? 0) === 0);
  if (!choice) return answer;
  const message = asObject(choice['delta']) ?? asObject(choice['message']);
  const text = message ? textOf(message['content']) : (asString(choice['text']) ?? '');
  const reasoning = message ? (asString(message['reasoning_content']) ?? asString(message['reasoning']) ?? '') : '';
  return {
    ...answer,
    text: answer.text + text,
    reasoning: answer.reasoning + reasoning,
    toolCalls: asArray(message?.['tool_calls']).reduce<readonly ToolCall[]>(addOpenAiCall, answer.toolCalls),
    finishReason: asString(choice['finish_reason']) ?? answer.finishReason,
  };
}

/** The pieces of a streamed call carry its index; whole calls come one after the other. */
function addOpenAiCall(calls: readonly ToolCall[], piece: unknown): readonly ToolCall[] {
  const call = asObject(piece);
  const fn = asObject(call?.['function']);
  if (!call || !fn) return calls;
  return addCallPiece(
    calls,
    asNumber(call['index']) ?? calls.length,
    asString(fn['name']),
    asString(fn['arguments']) ?? '',
  );
}

function addCallPiece(calls: readonly ToolCall[], index: number, name: string | null, text: string) {
  const before = calls[index];
  if (!before) return [...calls, { name: name ?? '', arguments: text }];
  return calls.with(index, { name: before.name || (name ?? ''), arguments: before.arguments + text });
}

function addAnthropic(answer: Answer, type: string | null, part: JsonObject): Answer {
  switch (type) {
    case 'message_start':
      return addUsage(answer, asObject(part['message'])?.['usage']);
    case 'content_block_start': {
      const block = asObject(part['content_block']);
      return block?.['type'] === 'tool_use'
        ? { ...answer, toolCalls: [...answer.toolCalls, { name: asString(block['name']) ?? '', arguments: '' }] }
        : answer;
    }
    case 'content_block_delta': {
      const delta = asObject(part['delta']);
      return {
        ...answer,
        text: answer.text + (asString(delta?.['text']) ?? ''),
        reasoning: answer.reasoning + (asString(delta?.['thinking']) ?? ''),
        toolCalls:
          delta?.['type'] === 'input_json_delta'
            ? addCallPiece(answer.toolCalls, answer.toolCalls.length - 1, null, asString(delta['partial_json']) ?? '')
            : answer.toolCalls,
      };
    }
    case 'message_delta': {
      const reason = asString(asObject(part['delta'])?.['stop_reason']);
      return { ...addUsage(answer, part['usage']), finishReason: reason ?? answer.finishReason };
    }
    case 'message':
      return asArray(part['content']).reduce<Answer>(addAnthropicBlock, {
        ...addUsage(answer, part['usage']),
        finishReason: asString(part['stop_reason']),
      });
    default:
      return answer;
  }
}

function addAnthropicBlock(answer: Answer, value: unknown): Answer {
  const block = asObject(value);
  switch (block?.['type']) {
    case 'text':
      return { ...answer, text: answer.text + (asString(block['text']) ?? '') };
    case 'thinking':
      return { ...answer, reasoning: answer.reasoning + (asString(block['thinking']) ?? '') };
    case 'tool_use': {
      const call = { name: asString(block['name']) ?? '', arguments: JSON.stringify(block['input'] ?? {}) };
      return { ...answer, toolCalls: [...answer.toolCalls, call] };
    }
    default:
      return answer;
  }
}

function addResponsesEvent(answer: Answer, type: string, part: JsonObject): Answer {
  const delta = asString(part['delta']) ?? '';
  switch (type) {
    case 'response.output_text.delta':
      return { ...answer, text: answer.text + delta };
    case 'response.reasoning_text.delta':
    case 'response.reasoning_summary_text.delta':
      return { ...answer, reasoning: answer.reasoning + delta };
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed': {
      const response = asObject(part['response']);
      if (!response) return answer;
      const failure = asObject(response['error']);
      const ended = addUsage({ ...answer, finishReason: asString(response['status']) }, response['usage']);
      return failure ? { ...ended, error: asString(failure['message']) } : ended;
    }
    default:
      return answer;
  }
}

function addResponsesBody(answer: Answer, body: JsonObject): Answer {
  const start = addUsage({ ...answer, finishReason: asString(body['status']) }, body['usage']);
  return asArray(body['output']).reduce<Answer>((sum, value) => {
    const item = asObject(value);
    if (item?.['type'] === 'function_call') {
      const call = { name: asString(item['name']) ?? '', arguments: asString(item['arguments']) ?? '' };
      return { ...sum, toolCalls: [...sum.toolCalls, call] };
    }
    const text = textOf(item?.['content']);
    return item?.['type'] === 'reasoning'
      ? { ...sum, reasoning: sum.reasoning + text }
      : { ...sum, text: sum.text + text };
  }, start);
}

function addUsage(answer: Answer, value: unknown): Answer {
  const usage = asObject(value);
  if (!usage) return answer;
  return {
    ...answer,
    promptTokens: asNumber(usage['prompt_tokens']) ?? asNumber(usage['input_tokens']) ?? answer.promptTokens,
    completionTokens:
      asNumber(usage['completion_tokens']) ?? asNumber(usage['output_tokens']) ?? answer.completionTokens,
  };
}

/** Text of a content that is a string or a list of parts. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return asArray(content)
    .map((value) => asString(asObject(value)?.['text']) ?? '')
    .join('');
}
