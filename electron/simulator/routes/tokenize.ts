import { badRequest } from '../api-error.ts';
import { parseMessages, parseTools } from '../chat-request.ts';
import { renderChat } from '../chat-template.ts';
import type { Exchange } from '../http-exchange.ts';
import { sendError, sendJson } from '../http-exchange.ts';
import { checkModel, readJson } from '../inference-request.ts';
import type { Parsed } from '../api-error.ts';
import { parsed, refused } from '../api-error.ts';
import type { JsonObject } from '../request-body.ts';
import { FieldReader } from '../request-body.ts';
import type { ServerContext } from '../server-context.ts';
import { decode, encode, isTokenId } from '../tokenizer.ts';

export async function handleTokenize(context: ServerContext, exchange: Exchange): Promise<void> {
  const body = await readJson(exchange);
  if (body === null) return;
  if (!body.ok) return sendError(exchange, body.error);
  const model = checkModel(context, body.value);
  if (!model.ok) return sendError(exchange, model.error);
  const tokens = tokenizeBody(body.value);
  if (!tokens.ok) return sendError(exchange, tokens.error);
  sendJson(exchange, 200, {
    count: tokens.value.length,
    max_model_len: context.options.maxModelLength,
    tokens: tokens.value,
    token_strs: body.value['return_token_strs'] === true ? tokens.value.map((id) => decode([id])) : null,
  });
}

export async function handleDetokenize(context: ServerContext, exchange: Exchange): Promise<void> {
  const body = await readJson(exchange);
  if (body === null) return;
  if (!body.ok) return sendError(exchange, body.error);
  const model = checkModel(context, body.value);
  if (!model.ok) return sendError(exchange, model.error);
  const fields = new FieldReader(body.value);
  if (fields.list('tokens') === null) fields.missing('tokens');
  const ids = fields.integers('tokens');
  if (fields.error !== null) return sendError(exchange, fields.error);
  const unknown = ids.find((id) => !isTokenId(id));
  if (unknown !== undefined)
    return sendError(exchange, badRequest(`Token id ${unknown} is out of vocabulary`, 'tokens'));
  sendJson(exchange, 200, { prompt: decode(ids) ?? '' });
}

function tokenizeBody(body: JsonObject): Parsed<number[]> {
  const fields = new FieldReader(body);
  if ((body['messages'] ?? null) === null) {
    const prompt = fields.string('prompt');
    if (prompt === null) fields.missing('prompt');
    return fields.error !== null ? refused(fields.error) : parsed(encode(prompt ?? ''));
  }
  const messages = parseMessages(body);
  if (!messages.ok) return messages;
  const tools = parseTools(body);
  if (!tools.ok) return tools;
  const addGenerationPrompt = body['add_generation_prompt'] !== false;
  const toolsJson = tools.value.length > 0 ? JSON.stringify(body['tools']) : '';
  return parsed(renderChat(messages.value, toolsJson, addGenerationPrompt));
}
