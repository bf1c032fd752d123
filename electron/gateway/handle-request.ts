import type { IncomingMessage, ServerResponse } from 'node:http';
import { outpostError } from '../contract/outpost-error.ts';
import { answerModels } from './answer-models.ts';
import { answerProbe } from './answer-probe.ts';
import { checkKey } from './check-key.ts';
import { checkScope } from './check-scope.ts';
import { Exchange, recordFailed } from './exchange.ts';
import type { FormFacts } from './form/read-form.ts';
import { isForm, readForm } from './form/read-form.ts';
import { forward } from './forward.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { RequestFacts } from './json/request-facts.ts';
import { readRequestFacts } from './json/request-facts.ts';
import type { Target } from './parse-target.ts';
import { parseTarget } from './parse-target.ts';
import { checkBodyHeaders, readBody } from './read-body.ts';
import { refuse, refuseUnrecorded } from './refuse.ts';
import { resolveModel } from './resolve-model.ts';

/**
 * The way of a request: target, key, body, model, servers; each stage may refuse it. `mustInvite`: the client waits for
 * "100 Continue" before it sends the body.
 */
export function handleRequest(
  context: GatewayContext,
  req: IncomingMessage,
  res: ServerResponse,
  mustInvite: boolean,
): void {
  const target = parseTarget(req.method ?? '', req.url ?? '', req.headers.upgrade !== undefined);
  if (
    target.ok &&
    (target.value.kind === 'health' || target.value.kind === 'ready' || target.value.kind === 'metrics')
  ) {
    answerProbe(context, target.value.kind, req.headers['x-request-id'], res);
    return;
  }
  const exchange = new Exchange(context, req, res);
  onRequest(exchange, target.ok ? target.value : null, mustInvite, target.ok ? null : target.error);
}

function onRequest(
  exchange: Exchange,
  target: Target | null,
  mustInvite: boolean,
  targetError: Parameters<typeof refuse>[1] | null,
): void {
  const { context, routing, req } = exchange;
  if (context.isStopping()) exchange.res.shouldKeepAlive = false;
  const logError = context.log.status().error;
  if (logError !== null && routing.table.log.durability !== 'relaxed') {
    refuseUnrecorded(exchange, recordFailed(logError));
    return;
  }
  if (targetError !== null) {
    refuse(exchange, targetError);
    return;
  }
  if (target === null || (target.kind !== 'inference' && target.kind !== 'models')) {
    throw new Error('Probes are answered before, and a missing target comes with an error.');
  }
  exchange.feature = target.feature;
  const key = checkKey(routing, req.headers);
  if (!key.ok) {
    refuse(exchange, key.error);
    return;
  }
  exchange.key = key.value;
  if (key.value !== null) {
    const upstreamPath = target.kind === 'inference' ? target.upstreamPath : null;
    const inScope = checkScope(key.value, { feature: target.feature, upstreamPath }, context.clock.nowMs());
    if (!inScope.ok) {
      refuse(exchange, inScope.error);
      return;
    }
  }
  if (target.kind === 'models') {
    answerModels(exchange, target.model);
    return;
  }
  exchange.family = target.family;
  const { maxBodyBytes } = routing.table.limits;
  const acceptable = checkBodyHeaders(req, maxBodyBytes);
  if (!acceptable.ok) {
    refuse(exchange, acceptable.error);
    return;
  }
  const limitError = exchange.takeKeyAllowance();
  if (limitError !== null) {
    refuse(exchange, limitError);
    return;
  }
  exchange.onClientGone = () => leftWhileSending(exchange);
  exchange.onCut = (error) => refuse(exchange, error);
  if (mustInvite) exchange.res.writeContinue();
  readBody(req, maxBodyBytes, (body) => {
    if (exchange.isClosed) return;
    if (body.ok) onBody(exchange, body.value, target.upstreamPath);
    else refuse(exchange, body.error);
  });
}

function onBody(exchange: Exchange, body: Buffer, upstreamPath: string): void {
  exchange.requestBody = body;
  const contentType = exchange.req.headers['content-type'] ?? '';
  const form = isForm(contentType) ? readForm(body, contentType) : null;
  const facts = form ?? readRequestFacts(body);
  if (!facts.ok) {
    refuse(exchange, facts.error);
    return;
  }
  exchange.modelAsked = facts.value.model;
  exchange.stream = facts.value.stream;
  const model = resolveModel(exchange.routing, exchange.key, { feature: exchange.feature, model: facts.value.model });
  if (!model.ok) {
    refuse(exchange, model.error);
    return;
  }
  const kind =
    'boundary' in facts.value
      ? { form: facts.value, facts: factsOfForm(facts.value) }
      : { form: null, facts: facts.value };
  forward({ exchange, body, ...kind, model: model.value, upstreamPath });
}

/** A form gets no field that it does not have, so it counts as one that settles its stream options itself. */
function factsOfForm({ model, stream }: FormFacts): RequestFacts {
  return { model, stream, setsStreamOptions: true, parsed: null };
}

function leftWhileSending(exchange: Exchange): void {
  if (exchange.isClosed) return;
  const error = 'The client left, or was too slow, before its request was complete.';
  void exchange.close({ state: 'cancelled', httpStatus: null, error }, { headers: [], body: null });
}

/** For requests that are still running when the gateway must end. */
export const stoppingError = outpostError(
  'GATEWAY_STOPPING',
  "Outpost's gateway was stopped while this request was running.",
  'Send it again; the gateway is usually back within seconds.',
);
