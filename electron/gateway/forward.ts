import type { OutpostError } from '../contract/outpost-error.ts';
import { outpostError } from '../contract/outpost-error.ts';
import type { Exchange } from './exchange.ts';
import type { FormFacts } from './form/read-form.ts';
import { editForm } from './form/read-form.ts';
import { editBody } from './json/edit-body.ts';
import type { RequestFacts } from './json/request-facts.ts';
import { PlainRelay } from './plain-relay.ts';
import type { Attempt } from './plan-attempts.ts';
import { planAttempts } from './plan-attempts.ts';
import { failRequest, refuse } from './refuse.ts';
import type { Relay } from './relay.ts';
import { StreamRelay } from './stream-relay.ts';
import { promptText } from './texts/prompt-text.ts';
import type { UpstreamFailure } from './upstream/explain-failure.ts';
import { explainFailure, explainNotRunning } from './upstream/explain-failure.ts';
import { clientHeaders, headerOf, upstreamHeaders } from './upstream/headers.ts';
import type { UpstreamCall } from './upstream/send-upstream.ts';
import { sendUpstream } from './upstream/send-upstream.ts';

/** A request that may be sent: to which model, and with which body. */
export interface Forwardable {
  readonly exchange: Exchange;
  readonly body: Buffer;
  readonly facts: RequestFacts;
  /** Null: the body is JSON. */
  readonly form: FormFacts | null;
  readonly model: string;
  readonly upstreamPath: string;
}

/** Asks the servers of the model, one after the other until one begins to answer, and relays its answer. */
export function forward(request: Forwardable): void {
  const { exchange, model } = request;
  const { context, routing } = exchange;
  const outstanding = (server: string) => context.outstanding.get(server) ?? 0;
  const attempts = planAttempts(routing, model, exchange.key, outstanding, context.nextTurn());
  const [first] = attempts;
  if (first === undefined) {
    const stopped = routing.serversByModel.get(model)?.[0];
    if (stopped === undefined) throw new Error(`The model ${model} was resolved, so some server serves it.`);
    refuse(exchange, explainNotRunning(stopped, null));
    return;
  }
  exchange.open();
  new Forwarding(request, attempts).begin(first);
  // The model server works meanwhile, so reading the prompt costs the client nothing.
  if (request.form === null) exchange.promptText = promptText(request.facts.parsed ?? request.body);
}

class Forwarding {
  readonly #request: Forwardable;
  readonly #attempts: readonly Attempt[];
  readonly #queueMs: number;
  #index = 0;
  #retries = 0;
  /** Of the model that was asked for; what its fallback says would only confuse. */
  #firstError: OutpostError | null = null;

  constructor(request: Forwardable, attempts: readonly Attempt[]) {
    this.#request = request;
    this.#attempts = attempts;
    this.#queueMs = request.exchange.elapsedMs();
  }

  begin(attempt: Attempt): void {
    this.#send(attempt, false);
  }

  #send(attempt: Attempt, isSecondConnection: boolean): void {
    const { exchange, body, facts, form, upstreamPath } = this.#request;
    const { context, routing, family } = exchange;
    const { limits } = routing.table;
    const { server } = attempt;
    const address = routing.addresses.get(server.name);
    if (address === undefined) throw new Error(`The table was compiled with the server ${server.name}.`);
    const askForUsage = (family === 'chat' || family === 'completions') && facts.stream && !facts.setsStreamOptions;
    const model = attempt.model === facts.model ? null : attempt.model;
    let relay: Relay | null = null;
    let call: UpstreamCall | null = null;
    const release = once(() => count(context.outstanding, server.name, -1));
    count(context.outstanding, server.name, 1);

    exchange.onClientGone = () => {
      release();
      if (relay) relay.onClientGone();
      else {
        call?.abort();
        this.#cancel(attempt);
      }
    };
    exchange.onCut = (error) => {
      release();
      if (relay) relay.onCut(error);
      else {
        call?.abort();
        this.#fail(attempt, error);
      }
    };
    call = sendUpstream(
      context.pools.get(address.origin),
      {
        path: address.basePath + upstreamPath,
        headers: upstreamHeaders(exchange.req.rawHeaders, exchange.requestId, server.upstreamKey),
        body: form === null ? editBody(body, { model, askForUsage }) : editForm(body, form, model),
        firstByteTimeoutMs: limits.firstByteTimeoutMs,
        idleTimeoutMs: limits.idleTimeoutMs,
      },
      {
        onHeaders: (status, rawHeaders) => {
          if (call === null) throw new Error('A response comes after its request was sent.');
          if (status === 401) {
            release();
            call.abort();
            this.#fail(attempt, keyRefused(server.name));
            return;
          }
          const start = {
            exchange,
            call,
            attempt,
            status,
            headers: clientHeaders(rawHeaders, exchange.requestId, server.name),
            queueMs: this.#queueMs,
            retries: this.#retries,
            stripUsage: askForUsage,
          };
          const isStream = status < 300 && /^text\/event-stream\b/i.test(headerOf(rawHeaders, 'content-type') ?? '');
          relay = isStream ? new StreamRelay(start) : new PlainRelay(start);
        },
        onData: (chunk) => relay?.onData(chunk),
        onEnd: () => {
          release();
          relay?.onEnd();
        },
        onFailure: (failure) => {
          release();
          if (relay) relay.onFailure(failure);
          else this.#attemptFailed(attempt, failure, isSecondConnection);
        },
      },
    );
  }

  #attemptFailed(attempt: Attempt, failure: UpstreamFailure, isSecondConnection: boolean): void {
    const { exchange, model } = this.#request;
    if (exchange.isClosed) return;
    if (failure.maybeStale && !isSecondConnection) {
      this.#send(attempt, true);
      return;
    }
    const error = explainFailure(attempt.server, failure, null);
    exchange.context.warn(
      { server: attempt.server.name, cause: failure.cause, requestId: exchange.requestId },
      'a model server failed before its answer began',
    );
    if (this.#firstError === null || attempt.model === model) this.#firstError = error;
    // Asking again after a timeout would make the client wait as long once more.
    const next = failure.kind === 'no-answer-in-time' ? undefined : this.#attempts[this.#index + 1];
    if (next === undefined) {
      this.#fail(attempt, this.#firstError);
      return;
    }
    this.#index += 1;
    this.#retries += 1;
    this.#send(next, false);
  }

  #fail(attempt: Attempt, error: OutpostError): void {
    failRequest(this.#request.exchange, error, this.#known(attempt));
  }

  #cancel(attempt: Attempt): void {
    const { exchange } = this.#request;
    if (exchange.isClosed) return;
    const error = 'The client left before the answer began.';
    void exchange.close(
      { ...this.#known(attempt), state: 'cancelled', httpStatus: null, error },
      { headers: [], body: null },
    );
  }

  #known(attempt: Attempt) {
    const { model } = attempt;
    return { modelServed: model, servedBy: attempt.server.name, queueMs: this.#queueMs, retries: this.#retries };
  }
}

function keyRefused(server: string): OutpostError {
  return outpostError(
    'UPSTREAM_UNAUTHORIZED',
    `The model server "${server}" refused the key that Outpost sent it; the client's own key is not the reason.`,
    `The operator should correct the API key that Outpost uses for "${server}".`,
  );
}

function count(counts: Map<string, number>, name: string, change: number): void {
  counts.set(name, Math.max(0, (counts.get(name) ?? 0) + change));
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
