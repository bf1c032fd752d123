import { randomUUID } from 'node:crypto';
import { engineDead } from '../api-error.ts';
import type { ChatRequest } from '../chat-request.ts';
import { parseChatRequest } from '../chat-request.ts';
import { renderChat } from '../chat-template.ts';
import { isNaturalEnd, planChoice } from '../choice-plan.ts';
import type { Finish } from '../generation.ts';
import type { Exchange } from '../http-exchange.ts';
import { onDisconnect, sendError, sendJson } from '../http-exchange.ts';
import { checkModel, readJson, responseId } from '../inference-request.ts';
import { measureSequence } from '../request-metrics.ts';
import { fitContext } from '../sampling.ts';
import { SequenceGroup } from '../sequence-group.ts';
import type { ServerContext } from '../server-context.ts';
import type { StreamFormat } from '../stream-group.ts';
import { streamGroup, waitForGroup } from '../stream-group.ts';
import { chooseTool, writeToolArguments } from '../tool-call.ts';
import { fullUsage, streamedUsage } from '../usage.ts';

/** What both forms of the answer need to know. */
interface ChatAnswer {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly request: ChatRequest;
  readonly promptTokens: number;
  /** The tool that the answer calls, or null for an answer in words. */
  readonly toolName: string | null;
  readonly group: SequenceGroup;
}

export async function handleChatCompletions(context: ServerContext, exchange: Exchange): Promise<void> {
  const body = await readJson(exchange);
  if (body === null) return;
  if (!body.ok) return sendError(exchange, body.error);
  const request = parseChatRequest(body.value);
  if (!request.ok) return sendError(exchange, request.error);
  const model = checkModel(context, body.value);
  if (!model.ok) return sendError(exchange, model.error);

  const sampling = request.value;
  const toolsJson = sampling.tools.length > 0 ? JSON.stringify(body.value['tools']) : '';
  const prompt = renderChat(sampling.messages, toolsJson, true);
  const maxTokens = fitContext(prompt.length, sampling.maxTokens, context.options.maxModelLength);
  if (!maxTokens.ok) return sendError(exchange, maxTokens.error);

  const tool = chooseTool(sampling);
  const plans = Array.from({ length: sampling.n }, (_, choice) =>
    planChoice(
      context,
      sampling,
      prompt,
      maxTokens.value,
      choice,
      tool === null ? null : (random) => writeToolArguments(tool, random),
    ),
  );
  const group = new SequenceGroup(context, plans, exchange.arrivedAtMs, sampling.n);
  onDisconnect(exchange, () => group.abort());
  const answer: ChatAnswer = {
    id: responseId(exchange, 'chatcmpl', sampling.requestId),
    created: context.nowSeconds(),
    model: context.options.servedModelNames[0],
    request: sampling,
    promptTokens: prompt.length,
    toolName: tool?.name ?? null,
    group,
  };
  if (sampling.stream) return streamGroup(exchange, group, chatStreamFormat(context, answer));
  await waitForGroup(group);
  sendWhole(context, exchange, answer);
}

function sendWhole(context: ServerContext, exchange: Exchange, answer: ChatAnswer): void {
  if (exchange.response.destroyed) return;
  const { group, request, promptTokens } = answer;
  const outputs = group.sequences.map((_, choice) => group.take(choice));
  if (outputs.some(({ finish }) => finish?.reason === 'error')) return sendError(exchange, engineDead());
  const completionTokens = group.sequences.reduce((sum, sequence) => sum + sequence.tokens, 0);
  const [first] = group.sequences;
  sendJson(exchange, 200, {
    id: answer.id,
    object: 'chat.completion',
    created: answer.created,
    model: answer.model,
    choices: outputs.map(({ text, finish }, index) => ({
      index,
      message: {
        role: 'assistant',
        content: answer.toolName === null ? text : null,
        refusal: null,
        annotations: null,
        audio: null,
        function_call: null,
        tool_calls: answer.toolName === null ? [] : [toolCall(answer.toolName, text)],
        reasoning: null,
      },
      logprobs: null,
      finish_reason: finishReason(answer, finish),
      stop_reason: finish?.stopReason ?? null,
      token_ids: null,
      routed_experts: null,
    })),
    service_tier: null,
    system_fingerprint: context.systemFingerprint,
    usage: fullUsage(
      promptTokens,
      completionTokens,
      context.options.promptTokensDetails ? (first?.cachedTokens ?? 0) : null,
    ),
    prompt_logprobs: null,
    prompt_token_ids: null,
    prompt_text: null,
    kv_transfer_params: null,
    ec_transfer_params: null,
    metrics:
      context.options.perRequestMetrics && request.n === 1 && first !== undefined ? measureSequence(first) : null,
  });
}

/** The events of a streamed chat. Unlike in whole answers, fields without a value are left out of the chunks. */
function chatStreamFormat(context: ServerContext, answer: ChatAnswer): StreamFormat {
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

function toolCall(
  name: string,
  callArguments: string,
): { id: string; type: 'function'; function: { name: string; arguments: string } } {
  const id = `chatcmpl-tool-${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  return { id, type: 'function', function: { name, arguments: callArguments } };
}

/** As vLLM: a call that the model chose or had to make ends with `tool_calls`, a named one with `stop`. */
function finishReason(answer: ChatAnswer, finish: Finish | null): string {
  const isCall = answer.toolName !== null && answer.request.toolChoice.kind !== 'named';
  if (isCall && finish?.reason === 'stop') return 'tool_calls';
  return finish?.reason ?? 'stop';
}
