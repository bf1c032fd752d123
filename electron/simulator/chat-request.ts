import type { Parsed } from './api-error.ts';
import { badRequest, invalidBody, parsed, refused } from './api-error.ts';
import type { JsonObject } from './request-body.ts';
import { FieldReader, isObject } from './request-body.ts';
import type { SamplingRequest } from './sampling.ts';
import { parseSampling } from './sampling.ts';

export interface ChatMessage {
  readonly role: string;
  /** The text parts joined by line ends. */
  readonly content: string;
  /** The tool calls of an assistant's message as JSON, empty without any. */
  readonly toolCalls: string;
}

export interface ToolDefinition {
  readonly name: string;
  readonly parameters: JsonObject;
}

export type ToolChoice =
  { readonly kind: 'none' | 'auto' | 'required' } | { readonly kind: 'named'; readonly name: string };

export interface ChatRequest extends SamplingRequest {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice: ToolChoice;
}

export function parseChatRequest(body: JsonObject): Parsed<ChatRequest> {
  const sampling = parseSampling(body);
  if (!sampling.ok) return sampling;
  const messages = parseMessages(body);
  if (!messages.ok) return messages;
  const tools = parseTools(body);
  if (!tools.ok) return tools;
  const toolChoice = parseToolChoice(body['tool_choice'] ?? null, tools.value);
  if (!toolChoice.ok) return toolChoice;
  return parsed({ ...sampling.value, messages: messages.value, tools: tools.value, toolChoice: toolChoice.value });
}

/** The `messages` of a chat or tokenize request. */
export function parseMessages(body: JsonObject): Parsed<readonly ChatMessage[]> {
  const fields = new FieldReader(body);
  const list = fields.list('messages');
  if (list === null) fields.missing('messages');
  if (fields.error !== null || list === null)
    return refused(fields.error ?? badRequest('messages is missing', 'messages'));
  const messages: ChatMessage[] = [];
  for (const [index, item] of list.entries()) {
    if (!isObject(item) || typeof item['role'] !== 'string') {
      return refused(invalidBody('missing', ['messages', index, 'role'], 'Field required'));
    }
    const content = parseContent(item['content'] ?? null, index);
    if (!content.ok) return content;
    const toolCalls = item['tool_calls'];
    messages.push({
      role: item['role'],
      content: content.value,
      toolCalls: Array.isArray(toolCalls) && toolCalls.length > 0 ? JSON.stringify(toolCalls) : '',
    });
  }
  return messages.length === 0 ? refused(badRequest('list object has no element 0', 'messages')) : parsed(messages);
}

function parseContent(content: unknown, index: number): Parsed<string> {
  if (content === null) return parsed('');
  if (typeof content === 'string') return parsed(content);
  const wrongType = invalidBody('string_type', ['messages', index, 'content'], 'Input should be a valid string');
  if (!Array.isArray(content)) return refused(wrongType);
  const texts: string[] = [];
  for (const part of content) {
    if (!isObject(part)) return refused(wrongType);
    if (part['type'] !== 'text')
      return refused(badRequest('The simulated model is not a multimodal model', 'messages'));
    if (typeof part['text'] !== 'string') return refused(wrongType);
    texts.push(part['text']);
  }
  return parsed(texts.join('\n'));
}

export function parseTools(body: JsonObject): Parsed<readonly ToolDefinition[]> {
  const fields = new FieldReader(body);
  const list = fields.list('tools') ?? [];
  if (fields.error !== null) return refused(fields.error);
  const tools: ToolDefinition[] = [];
  for (const [index, item] of list.entries()) {
    const definition = isObject(item) ? item['function'] : null;
    if (!isObject(definition) || typeof definition['name'] !== 'string') {
      return refused(invalidBody('missing', ['tools', index, 'function', 'name'], 'Field required'));
    }
    const parameters = definition['parameters'];
    tools.push({ name: definition['name'], parameters: isObject(parameters) ? parameters : {} });
  }
  return parsed(tools);
}

function parseToolChoice(choice: unknown, tools: readonly ToolDefinition[]): Parsed<ToolChoice> {
  if (choice === null) return parsed({ kind: tools.length > 0 ? 'auto' : 'none' });
  if (choice === 'none') return parsed({ kind: 'none' });
  if (tools.length === 0) {
    return refused(invalidBody('value_error', [], 'Value error, When using `tool_choice`, `tools` must be set.'));
  }
  if (choice === 'auto' || choice === 'required') return parsed({ kind: choice });
  const named = isObject(choice) && isObject(choice['function']) ? choice['function']['name'] : null;
  if (typeof named !== 'string') {
    return refused(invalidBody('value_error', ['tool_choice'], 'Value error, Invalid value for `tool_choice`.'));
  }
  if (!tools.some((tool) => tool.name === named)) {
    return refused(
      invalidBody(
        'value_error',
        [],
        'Value error, The tool specified in `tool_choice` does not match any of the specified `tools`',
      ),
    );
  }
  return parsed({ kind: 'named', name: named });
}
