import { badRequest, engineDead } from '../api-error.ts';
import { parsePrompts } from '../completion-request.ts';
import { embed, toBase64 } from '../embedding-vector.ts';
import type { EngineOutput, Sequence } from '../engine.ts';
import type { Exchange } from '../http-exchange.ts';
import { onDisconnect, sendError, sendJson } from '../http-exchange.ts';
import { checkModel, readJson, responseId } from '../inference-request.ts';
import { FieldReader } from '../request-body.ts';
import { fitContext } from '../sampling.ts';
import { createRandom } from '../seeded-random.ts';
import type { ServerContext } from '../server-context.ts';
import { fullUsage } from '../usage.ts';

export async function handleEmbeddings(context: ServerContext, exchange: Exchange): Promise<void> {
  const { options, engine } = context;
  const body = await readJson(exchange);
  if (body === null) return;
  if (!body.ok) return sendError(exchange, body.error);
  const inputs = parsePrompts(body.value['input'] ?? null, 'input');
  if (!inputs.ok) return sendError(exchange, inputs.error);
  const fields = new FieldReader(body.value);
  const encodingFormat = fields.string('encoding_format') ?? 'float';
  const dimensions = fields.integer('dimensions') ?? options.embeddingSize;
  const requestId = fields.string('request_id');
  if (fields.error !== null) return sendError(exchange, fields.error);
  const model = checkModel(context, body.value);
  if (!model.ok) return sendError(exchange, model.error);
  if (encodingFormat !== 'float' && encodingFormat !== 'base64') {
    return sendError(
      exchange,
      badRequest(`encoding_format must be float or base64, got ${encodingFormat}.`, 'encoding_format'),
    );
  }
  if (dimensions < 1 || dimensions > options.embeddingSize) {
    return sendError(
      exchange,
      badRequest(`dimensions must be from 1 to ${options.embeddingSize}, got ${dimensions}.`, 'dimensions'),
    );
  }
  for (const input of inputs.value) {
    const fits = fitContext(input.tokenIds.length, 0, options.maxModelLength);
    if (!fits.ok) return sendError(exchange, fits.error);
  }

  const fault = context.onInferenceRequest();
  if (fault === 'hang') engine.freeze();
  const sequences: Sequence[] = [];
  onDisconnect(exchange, () => sequences.forEach((sequence) => engine.end(sequence, 'abort')));
  const ends = inputs.value.map(
    ({ tokenIds }, index) =>
      new Promise<EngineOutput>((resolve) => {
        const sequence = engine.submit({
          arrivedAtMs: exchange.arrivedAtMs,
          promptTokenIds: tokenIds,
          generation: null,
          maxTokens: null,
          choicesPerPrompt: 1,
          random: createRandom(options.seed + index),
          onOutput: resolve,
        });
        sequences.push(sequence);
      }),
  );
  const outputs = await Promise.all(ends);
  if (exchange.response.destroyed) return;
  if (fault === 'crash') return context.crash();
  if (outputs.some(({ finish }) => finish?.reason === 'error')) return sendError(exchange, engineDead());
  const promptTokens = inputs.value.reduce((sum, input) => sum + input.tokenIds.length, 0);
  sendJson(exchange, 200, {
    id: responseId(exchange, 'embd', requestId),
    object: 'list',
    created: context.nowSeconds(),
    model: options.servedModelNames[0],
    data: inputs.value.map(({ tokenIds }, index) => {
      const vector = embed(tokenIds, options.seed, dimensions);
      return { index, object: 'embedding', embedding: encodingFormat === 'base64' ? toBase64(vector) : [...vector] };
    }),
    usage: fullUsage(promptTokens, 0, null),
  });
}
