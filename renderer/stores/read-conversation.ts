import { textOf } from './assemble-answer.ts';
import type { ToolCall } from './assemble-answer.ts';
import { readContent } from './read-content.ts';
import type { ContentPart } from './read-content.ts';
import { asArray, asNumber, asObject, asString, parseJson } from './read-json.ts';
import type { JsonObject } from './read-json.ts';

export interface ConversationMessage {
  /** As in the body (system, user, assistant, tool), or what the body is without roles: "prompt", "input". */
  readonly role: string;
  /** All that is text, for those who need nothing else. */
  readonly text: string;
  readonly parts: readonly ContentPart[];
  readonly toolCalls: readonly ToolCall[];
  /** Id of the tool call that this answers, or null. */
  readonly answersCall: string | null;
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
  // Fill-in-the-middle has a suffix, rerank documents, score a second text.
  return textFields.flatMap((field) => fieldMessages(field, request[field]));
}

const textFields = ['prompt', 'suffix', 'input', 'query', 'text_1', 'text_2', 'documents'] as const;

function fieldMessages(field: string, value: unknown): readonly ConversationMessage[] {
  if (typeof value === 'string') return value === '' ? [] : [plain(field, value)];
  if (!Array.isArray(value)) return [];
  const values = value as readonly unknown[];
  if (values.length > 0 && values.every((one) => typeof one === 'number')) return [tokenIds(field, values.length)];
  return values.flatMap((one) => {
    if (typeof one === 'string') return [plain(field, one)];
    if (Array.isArray(one)) return [tokenIds(field, one.length)];
    return readMessage(one);
  });
}

function readMessage(value: unknown): readonly ConversationMessage[] {
  const message = asObject(value);
  if (!message) return [];
  const role = asString(message['role']) ?? responsesRole(message);
  if (role === null) return [];
  const parts = asArray(message['content']).map(asObject);
  const reasoning = asString(message['reasoning_content']) ?? asString(message['reasoning']) ?? '';
  const content = [
    ...(reasoning === '' ? [] : [{ kind: 'reasoning', text: reasoning } as const]),
    ...readContent(message['summary']),
    ...readContent(message['content']),
    ...readContent(message['output']),
  ];
  return [
    {
      role,
      text: content.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n'),
      parts: content,
      toolCalls: [
        ...asArray(message['tool_calls']).flatMap((call) => readCall(asObject(asObject(call)?.['function']))),
        ...parts.filter((part) => part?.['type'] === 'tool_use').flatMap(readCall),
        ...(message['type'] === 'function_call' ? readCall(message) : []),
      ],
      answersCall:
        asString(message['tool_call_id']) ??
        (message['type'] === 'function_call_output' ? asString(message['call_id']) : null) ??
        asString(parts.find((part) => part?.['type'] === 'tool_result')?.['tool_use_id']),
    },
  ];
}

/** Items of the Responses API that are no messages have a type in place of a role. */
function responsesRole(item: JsonObject): string | null {
  switch (item['type']) {
    case 'function_call':
    case 'reasoning':
      return 'assistant';
    case 'function_call_output':
      return 'tool';
    default:
      return null;
  }
}

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
  return { role, text, parts: [{ kind: 'text', text }], toolCalls: [], answersCall: null };
}

/** Token ids are numbers; there is nothing to read in them but how many they are. */
function tokenIds(role: string, count: number): ConversationMessage {
  const detail = count.toLocaleString('en-US');
  return { role, text: '', parts: [{ kind: 'other', what: 'token ids', detail }], toolCalls: [], answersCall: null };
}
