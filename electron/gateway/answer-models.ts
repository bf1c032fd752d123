import { fail } from '../contract/outpost-error.ts';
import type { Exchange } from './exchange.ts';
import { refuse, sendError } from './refuse.ts';
import { resolveFeature } from './resolve-model.ts';
import { mayUse } from './routing.ts';

/** GET /v1/models: what the key may use; below a feature: the model assigned to it. With `model`, that one alone. */
export function answerModels(exchange: Exchange, model: string | null): void {
  const { routing, key, feature } = exchange;
  let names = [...routing.serversByModel.keys()];
  if (feature !== null) {
    const assigned = resolveFeature(routing, feature);
    if (!assigned.ok) {
      refuse(exchange, assigned.error);
      return;
    }
    names = [assigned.value];
  }
  const allowed = names.filter((name) => mayUse(key, name));
  if (model === null) {
    const data = allowed.map((name) => describeModel(name, routing.table.writtenAtMs));
    void answerJson(exchange, { object: 'list', data });
  } else if (allowed.includes(model)) {
    void answerJson(exchange, describeModel(model, routing.table.writtenAtMs));
  } else {
    const unknown = fail(
      'MODEL_UNKNOWN',
      `Outpost has no model "${model.slice(0, 200)}" that this request may use.`,
      'GET /v1/models lists them.',
    );
    if (!unknown.ok) refuse(exchange, unknown.error);
  }
}

function describeModel(name: string, writtenAtMs: number) {
  return { id: name, object: 'model', created: Math.floor(writtenAtMs / 1000), owned_by: 'outpost' };
}

async function answerJson(exchange: Exchange, value: unknown): Promise<void> {
  const body = Buffer.from(JSON.stringify(value));
  const headers = [
    'content-type',
    'application/json; charset=utf-8',
    'content-length',
    String(body.length),
    'x-request-id',
    exchange.requestId,
    'x-outpost-server',
    'gateway',
  ];
  const failure = await exchange.close({ state: 'ok', httpStatus: 200 }, { headers, body });
  if (failure !== null) sendError(exchange, failure, null);
  else if (!exchange.res.destroyed) exchange.res.writeHead(200, headers).end(body);
}
