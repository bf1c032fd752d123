import { textOf } from './assemble-answer.ts';
import type { ToolCall } from './assemble-answer.ts';
import { asArray, asNumber, asObject, asString, parseJson } from './read-json.ts';
import type { JsonObject } from './read-json.ts';

export interface ConversationMessage {
  /** As in the body (system, user, assistant, tool), or what the body is without roles: "prompt", "input". */
  readonly role: string;
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** Parts that are not text, such as "image", in words. */
  readonly attachments: readonly string[];
}

/** What a request asked, for people. */
export interface Conversation {
  readonly messages: readonly ConversationMessage[];
  /** Names of the tools that the model may call. */
  readonly tools: readonly string[];
  readonly maxTokens: number | null;
  readonly temperature: number | null;
  readonly stream: boolean;
}

/** Reads a request body of OpenAI's or Anthropic's shape; null when there is nothing in it to read. */
export function readConversation(body: string): Conversation | null {
  const request = asObject(parseJson(body));
  if (!request) return null;
  const messages = [...systemOf(request), ...messagesOf(request)];
  if (messages.length === 0) return null;
  return {
    messages,
    tools: asArray(request['tools']).map(toolName),
    maxTokens:
      asNumber(request['max_completion_tokens']) ??
      asNumber(request['max_tokens']) ??
      asNumber(request['max_output_tokens']),
    temperature: asNumber(request['temperature']),
    stream: request['stream'] === true,
  };
}

/** Anthropic and the Responses API keep the system prompt beside the messages. */
function systemOf(request: JsonObject): readonly ConversationMessage[] {
  const system = textOf(request['system'] ?? request['instructions']);
  return system === '' ? [] : [plain('system', system)];
}

function messagesOf(request: JsonObject): readonly ConversationMessage[] {
  if (Array.isArray(request['messages'])) return request['messages'].flatMap(readMessage);
  for (const field of ['prompt', 'input', 'query', 'text_1'] as const) {
    const value = request[field];
    if (typeof value === 'string') return [plain(field, value)];
    if (!Array.isArray(value)) continue;
    // Token ids are numbers; nothing to read for people.
    return value.flatMap((one) => (typeof one === 'string' ? [plain(field, one)] : readMessage(one)));
  }
  return [];
}

function readMessage(value: unknown): readonly ConversationMessage[] {
  const message = asObject(value);
  const role = asString(message?.['role']);
  if (!message || role === null) return [];
  const parts = asArray(message['content']).map(asObject);
  const results = parts.filter((part) => part?.['type'] === 'tool_result').map((part) => textOf(part?.['content']));
  return [
    {
      role,
      text: [textOf(message['content']), ...results].filter(Boolean).join('\n'),
      toolCalls: [
        ...asArray(message['tool_calls']).flatMap((call) => readCall(asObject(asObject(call)?.['function']))),
        ...parts.filter((part) => part?.['type'] === 'tool_use').flatMap(readCall),
      ],
      attachments: parts.flatMap((part) => {
        const type = asString(part?.['type']);
        return type === null || textTypes.has(type) ? [] : [type.replace(/^input_|_url$/g, '').replaceAll('_', ' ')];
      }),
    },
  ];
}

const textTypes = new Set(['text', 'input_text', 'output_text', 'tool_use', 'tool_result', 'thinking']);

function readCall(call: JsonObject | null): readonly ToolCall[] {
  const name = asString(call?.['name']);
  if (!call || name === null) return [];
  return [{ name, arguments: asString(call['arguments']) ?? JSON.stringify(call['input'] ?? {}) }];
}

function toolName(value: unknown): string {
  const tool = asObject(value);
  return asString(asObject(tool?.['function'])?.['name']) ?? asString(tool?.['name']) ?? 'unnamed';
}

function plain(role: string, text: string): ConversationMessage {
  return { role, text, toolCalls: [], attachments: [] };
}
