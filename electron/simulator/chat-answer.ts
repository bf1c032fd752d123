import { randomUUID } from 'node:crypto';
import type { ChatRequest } from './chat-request.ts';
import type { Finish } from './generation.ts';
import type { SequenceGroup } from './sequence-group.ts';

/** What both forms of the answer need to know. */
export interface ChatAnswer {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly request: ChatRequest;
  readonly promptTokens: number;
  /** The tool that the answer calls, or null for an answer in words. */
  readonly toolName: string | null;
  readonly group: SequenceGroup;
}

/** The call of a tool; its arguments are JSON. */
export function toolCall(
  name: string,
  callArguments: string,
): { id: string; type: 'function'; function: { name: string; arguments: string } } {
  const id = `chatcmpl-tool-${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  return { id, type: 'function', function: { name, arguments: callArguments } };
}

/** As vLLM: a call that the model chose or had to make ends with `tool_calls`, a named one with `stop`. */
export function finishReason(answer: ChatAnswer, finish: Finish | null): string {
  const isCall = answer.toolName !== null && answer.request.toolChoice.kind !== 'named';
  if (isCall && finish?.reason === 'stop') return 'tool_calls';
  return finish?.reason ?? 'stop';
}
