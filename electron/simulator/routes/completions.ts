import { engineDead } from '../api-error.ts';
import { parseCompletionRequest } from '../completion-request.ts';
import type { CompletionAnswer } from '../completion-stream-format.ts';
import { cachedTokens, completionStreamFormat } from '../completion-stream-format.ts';
import { planChoice } from '../choice-plan.ts';
import type { Exchange } from '../http-exchange.ts';
import { onDisconnect, sendError, sendJson } from '../http-exchange.ts';
import { checkModel, readJson, responseId } from '../inference-request.ts';
import { measureSequence } from '../request-metrics.ts';
import { fitContext } from '../sampling.ts';
import type { ChoicePlan } from '../sequence-group.ts';
import { SequenceGroup } from '../sequence-group.ts';
import type { ServerContext } from '../server-context.ts';
import { streamGroup, waitForGroup } from '../stream-group.ts';
import { fullUsage } from '../usage.ts';

export async function handleCompletions(context: ServerContext, exchange: Exchange): Promise<void> {
  const body = await readJson(exchange);
  if (body === null) return;
  if (!body.ok) return sendError(exchange, body.error);
  const request = parseCompletionRequest(body.value);
  if (!request.ok) return sendError(exchange, request.error);
  const model = checkModel(context, body.value);
  if (!model.ok) return sendError(exchange, model.error);

  const { prompts, n, echo } = request.value;
  const plans: ChoicePlan[] = [];
  for (const prompt of prompts) {
    const maxTokens = fitContext(prompt.tokenIds.length, request.value.maxTokens, context.options.maxModelLength);
    if (!maxTokens.ok) return sendError(exchange, maxTokens.error);
    for (let choice = 0; choice < n; choice += 1) {
      plans.push(planChoice(context, request.value, prompt.tokenIds, maxTokens.value, choice, null));
    }
  }
  const group = new SequenceGroup(context, plans, exchange.arrivedAtMs, n);
  onDisconnect(exchange, () => group.abort());
  const answer: CompletionAnswer = {
    id: responseId(exchange, 'cmpl', request.value.requestId),
    created: context.nowSeconds(),
    model: context.options.servedModelNames[0],
    request: request.value,
    promptTokens: prompts.reduce((sum, prompt) => sum + prompt.tokenIds.length, 0),
    group,
    echoed: prompts.flatMap((prompt) => new Array<string>(n).fill(echo ? prompt.text : '')),
  };
  if (request.value.stream) return streamGroup(exchange, group, completionStreamFormat(context, answer));
  await waitForGroup(group);
  sendWhole(context, exchange, answer);
}

function sendWhole(context: ServerContext, exchange: Exchange, answer: CompletionAnswer): void {
  if (exchange.response.destroyed) return;
  const { group, promptTokens } = answer;
  const outputs = group.sequences.map((_, choice) => group.take(choice));
  if (outputs.some(({ finish }) => finish?.reason === 'error')) return sendError(exchange, engineDead());
  const completionTokens = group.sequences.reduce((sum, sequence) => sum + sequence.tokens, 0);
  const [first] = group.sequences;
  sendJson(exchange, 200, {
    id: answer.id,
    object: 'text_completion',
    created: answer.created,
    model: answer.model,
    choices: outputs.map(({ text, finish }, index) => ({
      index,
      text: (answer.echoed[index] ?? '') + text,
      logprobs: null,
      finish_reason: finish?.reason ?? 'stop',
      stop_reason: finish?.stopReason ?? null,
      token_ids: null,
      prompt_logprobs: null,
      prompt_token_ids: null,
      routed_experts: null,
    })),
    service_tier: null,
    system_fingerprint: context.systemFingerprint,
    usage: fullUsage(
      promptTokens,
      completionTokens,
      context.options.promptTokensDetails ? cachedTokens(group, answer.request.n) : null,
    ),
    kv_transfer_params: null,
    ec_transfer_params: null,
    metrics:
      context.options.perRequestMetrics && group.sequences.length === 1 && first !== undefined
        ? measureSequence(first)
        : null,
  });
}
