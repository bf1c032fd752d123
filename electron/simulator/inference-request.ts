import { randomUUID } from 'node:crypto';
import type { Parsed } from './api-error.ts';
import { engineDead, parsed, refused, unknownModel, unsupportedMediaType } from './api-error.ts';
import type { Exchange } from './http-exchange.ts';
import { readBody } from './http-exchange.ts';
import type { JsonObject } from './request-body.ts';
import { FieldReader, parseBody } from './request-body.ts';
import type { ServerContext } from './server-context.ts';

/** Reads the body of a JSON route; null when the client went away. */
export async function readJson(exchange: Exchange): Promise<Parsed<JsonObject> | null> {
  const text = await readBody(exchange.request);
  if (text === null) return null;
  const mediaType = (exchange.request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') return refused(unsupportedMediaType());
  return parseBody(text);
}

/** The checks that every route with a model makes first. */
export function checkModel(context: ServerContext, body: JsonObject): Parsed<null> {
  const fields = new FieldReader(body);
  const model = fields.string('model') ?? '';
  if (fields.error !== null) return refused(fields.error);
  if (model !== '' && !context.options.servedModelNames.includes(model)) return refused(unknownModel(model));
  return context.isEngineDead() ? refused(engineDead()) : parsed(null);
}

/** The id of a response: the client's own when it sent one, as a header or in the body. */
export function responseId(exchange: Exchange, prefix: string, bodyId: string | null): string {
  const header = exchange.request.headers['x-request-id'];
  const core = typeof header === 'string' && header !== '' ? header : (bodyId ?? randomUUID().replaceAll('-', ''));
  return `${prefix}-${core}`;
}
