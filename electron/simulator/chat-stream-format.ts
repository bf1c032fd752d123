import type { ChatAnswer } from './chat-answer.ts';
import { finishReason, toolCall } from './chat-answer.ts';
import { isNaturalEnd } from './choice-plan.ts';
import type { ServerContext } from './server-context.ts';
import type { StreamFormat } from './stream-group.ts';
import { streamedUsage } from './usage.ts';

/** The events of a streamed chat. Unlike in whole answers, fields without a value are left out of the chunks. */
export function chatStreamFormat(context: ServerContext, answer: ChatAnswer): StreamFormat {
  const { group, promptTokens, request } = answer;
  const forced = context.options.forceIncludeUsage;
  const continuous = forced || request.continuousUsage;
  const hasStarted = group.sequences.map(() => false);
  const head = { id: answer.id, object: 'chat.completion.chunk', created: answer.created, model: answer.model };
  const usage = (tokens: number): object => (continuous ? { usage: streamedUsage(promptTokens, tokens, null) } : {});

  return {
    events(choice, output, completionTokens) {
      const events: object[] = [];
      if (!hasStarted[choice]) {
        hasStarted[choice] = true;
        const delta = { role: 'assistant', content: '' };
        events.push({ ...head, choices: [{ index: choice, delta, logprobs: null, finish_reason: null }], ...usage(0) });
        if (answer.toolName !== null) {
          const call = { ...toolCall(answer.toolName, ''), index: 0 };
          events.push({ ...head, choices: [contentChoice(choice, { tool_calls: [call] })], ...usage(0) });
        }
      }
      const { finish, text } = output;
      const delta =
        answer.toolName === null ? { content: text } : { tool_calls: [{ index: 0, function: { arguments: text } }] };
      const endsApart = finish !== null && (isNaturalEnd(finish) || answer.toolName !== null || output.tokens === 0);
      if (output.tokens > 0 && (finish === null || endsApart)) {
        events.push({ ...head, choices: [contentChoice(choice, delta)], ...usage(completionTokens) });
      }
      if (finish !== null) {
        const ending = {
          index: choice,
          delta: endsApart ? { content: '' } : delta,
          logprobs: null,
          finish_reason: finishReason(answer, finish),
          stop_reason: finish.stopReason,
          token_ids: null,
        };
        events.push({
          ...head,
          choices: [ending],
          system_fingerprint: context.systemFingerprint,
          ...usage(completionTokens),
        });
      }
      return events;
    },
    lastEvents() {
      if (!request.includeUsage && !forced) return [];
      const tokens = group.sequences.reduce((sum, sequence) => sum + sequence.tokens, 0);
      const cached = context.options.promptTokensDetails ? (group.sequences[0]?.cachedTokens ?? 0) : null;
      return [
        {
          ...head,
          choices: [],
          usage: streamedUsage(promptTokens, tokens, cached),
          system_fingerprint: context.systemFingerprint,
        },
      ];
    },
  };
}

function contentChoice(index: number, delta: object): object {
  return { index, delta, logprobs: null, finish_reason: null, token_ids: null };
}
