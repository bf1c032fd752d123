import type { ChatMessage, ChatRequest, ToolDefinition } from './chat-request.ts';
import type { JsonObject } from './request-body.ts';
import { isObject } from './request-body.ts';
import type { Random } from './seeded-random.ts';
import { pick } from './seeded-random.ts';

/**
 * The tool that a simulated answer calls, or null for an answer in words. `required` calls the first tool and a named
 * choice calls that tool, always. `auto` calls NAME when the last message is the user's and contains `[call:NAME]`; looking
 * at the last message only lets an agent's loop end once it has sent the result of the tool.
 */
export function chooseTool(request: ChatRequest): ToolDefinition | null {
  const { toolChoice, tools } = request;
  switch (toolChoice.kind) {
    case 'none':
      return null;
    case 'required':
      return tools[0] ?? null;
    case 'named':
      return tools.find((tool) => tool.name === toolChoice.name) ?? null;
    case 'auto': {
      const wanted = requestedTool(request.messages);
      return tools.find((tool) => tool.name === wanted) ?? null;
    }
  }
}

function requestedTool(messages: readonly ChatMessage[]): string | null {
  const last = messages.at(-1);
  if (last?.role !== 'user') return null;
  return /\[call:([\w.-]+)\]/.exec(last.content)?.[1] ?? null;
}

/** Arguments that fit the tool's schema: every required property (all of them when none is required), made up. */
export function writeToolArguments(tool: ToolDefinition, random: Random): string {
  return JSON.stringify(writeObject(tool.parameters, random));
}

const words = ['north', 'harbour', 'report', 'autumn', 'copper', 'window'] as const;

function writeObject(schema: JsonObject, random: Random): Record<string, unknown> {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  const names = required.length > 0 ? required : Object.keys(properties);
  return Object.fromEntries(names.map((name) => [name, writeValue(properties[name], random)]));
}

function writeValue(schema: unknown, random: Random): unknown {
  if (!isObject(schema)) return pick(random, words);
  if (Array.isArray(schema['enum']) && schema['enum'].length > 0) return schema['enum'][0];
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'integer':
    case 'number':
      return Math.floor(random() * 100);
    case 'boolean':
      return random() < 0.5;
    case 'array':
      return [writeValue(schema['items'], random)];
    case 'object':
      return writeObject(schema, random);
    case 'null':
      return null;
    default:
      return pick(random, words);
  }
}
