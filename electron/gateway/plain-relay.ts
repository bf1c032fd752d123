import type { OutpostError } from '../contract/outpost-error.ts';
import { BodyCapture } from './body-capture.ts';
import type { Outcome } from './build-row.ts';
import { readPlainAnswer } from './read-plain-answer.ts';
import { failRequest, sendError } from './refuse.ts';
import type { Relay, RelayStart } from './relay.ts';
import { writeWithBackPressure } from './relay.ts';
import type { UpstreamFailure } from './upstream/explain-failure.ts';
import { explainFailure } from './upstream/explain-failure.ts';

/**
 * A response that is not a stream of events. Its newest chunk is always held, so that its last byte, and for a short one
 * the whole response, leaves only once the row is committed.
 */
export class PlainRelay implements Relay {
  readonly #start: RelayStart;
  readonly #body = new BodyCapture();
  #held: Buffer | null = null;

  constructor(start: RelayStart) {
    this.#start = start;
  }

  onData(chunk: Buffer): void {
    this.#body.add(chunk);
    if (this.#held !== null) {
      this.#sendHead();
      writeWithBackPressure(this.#start, this.#held);
    }
    this.#held = chunk;
  }

  onEnd(): void {
    const { exchange, status } = this.#start;
    const answer = readPlainAnswer(exchange.family, status, this.#start.headers, this.#body);
    const outcome: Outcome = { ...this.#known(), ...answer, state: answer.error === null ? 'ok' : 'error' };
    void exchange.close(outcome, { headers: this.#start.headers, body: this.#body }).then((failure) => {
      if (failure === null) this.#finish();
      else this.#breakOff(failure);
    });
  }

  onFailure(failure: UpstreamFailure): void {
    const seen = `after ${this.#body.totalBytes} bytes of its answer`;
    this.#fail(explainFailure(this.#start.attempt.server, failure, seen));
  }

  onClientGone(): void {
    const { exchange, call, status } = this.#start;
    call.abort();
    if (exchange.isClosed) return;
    const error = 'The client left before the answer was complete.';
    const httpStatus = exchange.res.headersSent ? status : null;
    void exchange.close(
      { ...this.#known(), state: 'cancelled', httpStatus, error },
      { headers: this.#start.headers, body: this.#body },
    );
  }

  onCut(error: OutpostError): void {
    this.#start.call.abort();
    this.#fail(error);
  }

  #fail(error: OutpostError): void {
    const { exchange } = this.#start;
    if (exchange.isClosed) return;
    if (!exchange.res.headersSent) {
      failRequest(exchange, error, this.#known());
      return;
    }
    const outcome: Outcome = { ...this.#known(), state: 'error', error: error.message, errorCode: error.code };
    void exchange
      .close(outcome, { headers: this.#start.headers, body: this.#body })
      // Too late for an error body: a connection cut short is the only way left to say "not complete".
      .then(() => exchange.res.destroy());
  }

  #finish(): void {
    const { res } = this.#start.exchange;
    if (res.destroyed) return;
    this.#sendHead();
    if (this.#held === null) res.end();
    else res.end(this.#held);
  }

  #breakOff(failure: OutpostError): void {
    const { exchange } = this.#start;
    if (exchange.res.headersSent) exchange.res.destroy();
    else sendError(exchange, failure, null);
  }

  #sendHead(): void {
    const { exchange, status, headers } = this.#start;
    if (!exchange.res.headersSent && !exchange.res.destroyed) exchange.res.writeHead(status, [...headers]);
  }

  #known(): Outcome {
    const { attempt, status, queueMs, retries } = this.#start;
    return {
      state: 'ok',
      httpStatus: status,
      modelServed: attempt.model,
      servedBy: attempt.server.name,
      queueMs,
      retries,
    };
  }
}
