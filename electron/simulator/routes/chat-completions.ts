import { engineDead } from '../api-error.ts';
import type { ChatAnswer } from '../chat-answer.ts';
import { finishReason, toolCall } from '../chat-answer.ts';
import { parseChatRequest } from '../chat-request.ts';
import { renderChat } from '../chat-template.ts';
import { chatStreamFormat } from '../chat-stream-format.ts';
import { planChoice } from '../choice-plan.ts';
import type { Exchange } from '../http-exchange.ts';
import { onDisconnect, sendError, sendJson } from '../http-exchange.ts';
import { checkModel, readJson, responseId } from '../inference-request.ts';
import { measureSequence } from '../request-metrics.ts';
import { fitContext } from '../sampling.ts';
import { SequenceGroup } from '../sequence-group.ts';
import type { ServerContext } from '../server-context.ts';
import { streamGroup, waitForGroup } from '../stream-group.ts';
import { chooseTool, writeToolArguments } from '../tool-call.ts';
import { fullUsage } from '../usage.ts';

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
