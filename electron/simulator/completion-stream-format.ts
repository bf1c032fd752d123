import type { CompletionRequest } from './completion-request.ts';
import { isNaturalEnd } from './choice-plan.ts';
import type { Finish } from './generation.ts';
import type { SequenceGroup } from './sequence-group.ts';
import type { ServerContext } from './server-context.ts';
import type { StreamFormat } from './stream-group.ts';
import { streamedUsage } from './usage.ts';

/** What both forms of the answer need to know. */
export interface CompletionAnswer {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly request: CompletionRequest;
  readonly promptTokens: number;
  readonly group: SequenceGroup;
  /** What each choice begins with: its prompt with `echo`, else nothing. */
  readonly echoed: readonly string[];
}

/** The events of a streamed completion. */
export function completionStreamFormat(context: ServerContext, answer: CompletionAnswer): StreamFormat {
  const { group, promptTokens, request } = answer;
  const forced = context.options.forceIncludeUsage;
  const continuous = forced || request.continuousUsage;
  const hasStarted = group.sequences.map(() => false);
  const head = { id: answer.id, object: 'text_completion', created: answer.created, model: answer.model };
  const usage = (tokens: number): object => (continuous ? { usage: streamedUsage(promptTokens, tokens, null) } : {});

  return {
    events(choice, output, completionTokens) {
      const events: object[] = [];
      const { finish } = output;
      const text = (hasStarted[choice] ? '' : (answer.echoed[choice] ?? '')) + output.text;
      hasStarted[choice] = true;
      const endsApart = finish !== null && isNaturalEnd(finish) && output.tokens > 0;
      if (finish === null || endsApart)
        events.push({ ...head, choices: [streamedChoice(choice, text, null)], ...usage(completionTokens) });
      if (finish !== null) {
        events.push({
          ...head,
          choices: [streamedChoice(choice, endsApart ? '' : text, finish)],
          system_fingerprint: context.systemFingerprint,
          ...usage(completionTokens),
        });
      }
      return events;
    },
    lastEvents() {
      if (!request.includeUsage && !forced) return [];
      const tokens = group.sequences.reduce((sum, sequence) => sum + sequence.tokens, 0);
      const cached = context.options.promptTokensDetails ? cachedTokens(group, request.n) : null;
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

function streamedChoice(index: number, text: string, finish: Finish | null): object {
  return {
    index,
    text,
    logprobs: null,
    finish_reason: finish?.reason ?? null,
    stop_reason: finish?.stopReason ?? null,
    prompt_token_ids: null,
    token_ids: null,
  };
}

/** Cached tokens of all prompts, each counted once whatever the number of its choices. */
export function cachedTokens(group: SequenceGroup, choicesPerPrompt: number): number {
  return group.sequences.reduce(
    (sum, sequence, index) => sum + (index % choicesPerPrompt === 0 ? sequence.cachedTokens : 0),
    0,
  );
}
