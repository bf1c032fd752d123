import type { AnswerBuilder } from './answer-builder.ts';
import { asArray, asCount, asObject, asText } from './read-json.ts';
import type { JsonObject } from './read-json.ts';
import type { TokenUsage } from './token-usage.ts';
import { readUsage } from './token-usage.ts';

/** What one JSON answer, or one streamed event, tells. */
export interface AnswerFacts {
  /** Whether it carries text, reasoning or a tool call from the model. */
  readonly hasContent: boolean;
  readonly finishReason: string | null;
  readonly usage: TokenUsage | null;
  /** The message of an error that the model server reports, or null. */
  readonly error: string | null;
}

/** Reads a complete answer or a streamed event of chat, completions, messages or responses; texts go to `answer`. */
export function readAnswer(body: JsonObject, answer: AnswerBuilder): AnswerFacts {
  if (Array.isArray(body['choices'])) return readChoices(body, body['choices'], answer);
  const type = asText(body['type']);
  if (type === 'message') return readMessage(body, answer);
  if (body['object'] === 'response') return readResponse(body, answer);
  if (type !== null) return readTypedEvent(type, body, answer);
  return { hasContent: false, finishReason: null, usage: readUsage(body['usage']), error: readError(body) };
}

/** The message of an error body in any of the shapes that model servers use, or null. */
export function readError(body: JsonObject): string | null {
  const { error } = body;
  if (typeof error === 'string') return error;
  const message = asText(asObject(error)?.['message']);
  if (message !== null) return message;
  return body['object'] === 'error' || asText(body['detail']) !== null
    ? (asText(body['message']) ?? asText(body['detail']))
    : null;
}

function readChoices(body: JsonObject, choices: readonly unknown[], answer: AnswerBuilder): AnswerFacts {
  let hasContent = false;
  let finishReason: string | null = null;
  const add = (index: number, part: 'reasoning' | 'content' | 'tool', text: string | null) => {
    if (text === null) return;
    hasContent = true;
    answer.add(index, part, text);
  };
  for (const entry of choices) {
    const choice = asObject(entry);
    if (choice === null) continue;
    const index = asCount(choice['index']) ?? 0;
    const message = asObject(choice['delta']) ?? asObject(choice['message']);
    add(index, 'content', asText(choice['text']) ?? asText(message?.['content']));
    add(index, 'reasoning', asText(message?.['reasoning']) ?? asText(message?.['reasoning_content']));
    for (const call of asArray(message?.['tool_calls'])) {
      const called = asObject(asObject(call)?.['function']);
      const name = asText(called?.['name']);
      add(index, 'tool', name === null ? null : `${name} `);
      add(index, 'tool', asText(called?.['arguments']));
    }
    finishReason = asText(choice['finish_reason']) ?? finishReason;
  }
  return { hasContent, finishReason, usage: readUsage(body['usage']), error: readError(body) };
}

function readMessage(body: JsonObject, answer: AnswerBuilder): AnswerFacts {
  for (const entry of asArray(body['content'])) {
    const block = asObject(entry);
    answer.add(0, 'content', asText(block?.['text']));
    answer.add(0, 'reasoning', asText(block?.['thinking']));
    if (block?.['type'] === 'tool_use')
      answer.add(0, 'tool', `${asText(block['name']) ?? ''} ${JSON.stringify(block['input'])}`);
  }
  return {
    hasContent: true,
    finishReason: asText(body['stop_reason']),
    usage: readUsage(body['usage']),
    error: readError(body),
  };
}

function readResponse(body: JsonObject, answer: AnswerBuilder): AnswerFacts {
  for (const entry of asArray(body['output'])) {
    const item = asObject(entry);
    if (item?.['type'] === 'function_call') {
      answer.add(0, 'tool', `${asText(item['name']) ?? ''} ${asText(item['arguments']) ?? ''}`);
    }
    for (const part of asArray(item?.['content'])) {
      answer.add(0, item?.['type'] === 'reasoning' ? 'reasoning' : 'content', asText(asObject(part)?.['text']));
    }
  }
  return {
    hasContent: true,
    finishReason: asText(body['status']),
    usage: readUsage(body['usage']),
    error: readError(body),
  };
}

/** Events of Anthropic's messages and of responses, which name their type. */
function readTypedEvent(type: string, body: JsonObject, answer: AnswerBuilder): AnswerFacts {
  const nothing: AnswerFacts = { hasContent: false, finishReason: null, usage: null, error: null };
  switch (type) {
    case 'message_start':
      return { ...nothing, usage: readUsage(asObject(body['message'])?.['usage']) };
    case 'content_block_start': {
      const block = asObject(body['content_block']);
      if (block?.['type'] !== 'tool_use') return nothing;
      answer.add(0, 'tool', `${asText(block['name']) ?? ''} `);
      return { ...nothing, hasContent: true };
    }
    case 'content_block_delta': {
      const delta = asObject(body['delta']);
      answer.add(0, 'content', asText(delta?.['text']));
      answer.add(0, 'reasoning', asText(delta?.['thinking']));
      answer.add(0, 'tool', asText(delta?.['partial_json']));
      return { ...nothing, hasContent: true };
    }
    case 'message_delta':
      return {
        ...nothing,
        finishReason: asText(asObject(body['delta'])?.['stop_reason']),
        usage: readUsage(body['usage']),
      };
    case 'response.output_text.delta':
      answer.add(0, 'content', asText(body['delta']));
      return { ...nothing, hasContent: true };
    case 'response.reasoning_text.delta':
      answer.add(0, 'reasoning', asText(body['delta']));
      return { ...nothing, hasContent: true };
    case 'response.function_call_arguments.delta':
      answer.add(0, 'tool', asText(body['delta']));
      return { ...nothing, hasContent: true };
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed': {
      const response = asObject(body['response']);
      return {
        ...nothing,
        finishReason: asText(response?.['status']),
        usage: readUsage(response?.['usage']),
        error: response === null ? null : readError(response),
      };
    }
    default:
      return { ...nothing, error: readError(body) };
  }
}
