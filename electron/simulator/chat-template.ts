import type { ChatMessage } from './chat-request.ts';
import { encode, specialTokenId } from './tokenizer.ts';

/**
 * The prompt of a chat:
 *
 *     <|user|>
 *     content<|end|>
 *     <|assistant|>
 *
 * Tools come first, as JSON in a system message of their own.
 */
export function renderChat(
  messages: readonly ChatMessage[],
  toolsJson: string,
  addGenerationPrompt: boolean,
): number[] {
  const lineEnd = encode('\n');
  const ids: number[] = [];
  const all = toolsJson === '' ? messages : [{ role: 'system', content: toolsJson, toolCalls: '' }, ...messages];
  for (const message of all) {
    ids.push(roleToken(message.role), ...lineEnd);
    for (const id of encode(message.content + message.toolCalls)) ids.push(id);
    ids.push(specialTokenId('<|end|>'), ...lineEnd);
  }
  if (addGenerationPrompt) ids.push(roleToken('assistant'), ...lineEnd);
  return ids;
}

function roleToken(role: string): number {
  switch (role) {
    case 'system':
    case 'developer':
      return specialTokenId('<|system|>');
    case 'assistant':
      return specialTokenId('<|assistant|>');
    case 'tool':
    case 'function':
      return specialTokenId('<|tool|>');
    default:
      return specialTokenId('<|user|>');
  }
}
