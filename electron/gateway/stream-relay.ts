import type { OutpostError } from '../contract/outpost-error.ts';
import { BodyCapture } from './body-capture.ts';
import type { Outcome } from './build-row.ts';
import { errorEvent } from './error-body.ts';
import type { Relay, RelayStart } from './relay.ts';
import { writeWithBackPressure } from './relay.ts';
import { StreamHold } from './stream/stream-hold.ts';
import { StreamObserver } from './stream/stream-observer.ts';
import type { UpstreamFailure } from './upstream/explain-failure.ts';
import { explainFailure } from './upstream/explain-failure.ts';

/** A stream of events: passed on as it comes, its terminal event and its end held until the row is committed. */
export class StreamRelay implements Relay {
  readonly #start: RelayStart;
  readonly #body = new BodyCapture();
  readonly #observer = new StreamObserver();
  readonly #hold: StreamHold;
  #isCommitted = false;
  #isEnded = false;
  /** Milliseconds at which the chunk being looked at arrived. */
  #nowMs = 0;

  constructor(start: RelayStart) {
    this.#start = start;
    this.#hold = new StreamHold((event) => this.#observer.observe(event, this.#nowMs) && start.stripUsage);
    const { res } = start.exchange;
    res.writeHead(start.status, [...start.headers]);
    res.flushHeaders();
  }

  onData(chunk: Buffer): void {
    const { exchange } = this.#start;
    this.#nowMs = exchange.elapsedMs();
    const part = this.#hold.push(chunk);
    if (part.forward.length > 0) this.#forward(part.forward);
    if (this.#isCommitted) this.#sendHeld();
    else if (part.isTerminal && !exchange.isClosed) this.#commit();
  }

  onEnd(): void {
    const { exchange } = this.#start;
    this.#isEnded = true;
    if (!exchange.isClosed) this.#commit();
    else if (this.#isCommitted) this.#finish();
  }

  onFailure(failure: UpstreamFailure): void {
    const { exchange, attempt } = this.#start;
    if (exchange.isClosed) {
      // The terminal event has come; that the connection ends badly after it concerns nobody.
      this.onEnd();
      return;
    }
    this.#fail(explainFailure(attempt.server, failure, this.#progress()));
  }

  onClientGone(): void {
    const { exchange, call } = this.#start;
    call.abort();
    if (exchange.isClosed) return;
    const { finishReason } = this.#observer.facts();
    const isWhole = finishReason !== null;
    const outcome = this.#outcome(isWhole ? null : `The client left ${this.#progress()}.`);
    this.#recordHeld();
    void exchange.close({ ...outcome, state: isWhole ? outcome.state : 'cancelled' }, this.#answer());
  }

  onCut(error: OutpostError): void {
    this.#start.call.abort();
    if (!this.#start.exchange.isClosed) this.#fail(error);
  }

  #commit(): void {
    const { exchange } = this.#start;
    this.#recordHeld();
    void exchange.close(this.#outcome(null), this.#answer()).then((failure) => {
      if (failure !== null) {
        this.#start.call.abort();
        this.#sendError(failure);
        return;
      }
      this.#isCommitted = true;
      this.#sendHeld();
      if (this.#isEnded) this.#finish();
    });
  }

  #fail(error: OutpostError): void {
    const { exchange } = this.#start;
    const event = Buffer.from(errorEvent(error, exchange.family));
    this.#body.add(event);
    const outcome: Outcome = { ...this.#outcome(error.message), state: 'error', errorCode: error.code };
    void exchange.close(outcome, this.#answer()).then((failure) => this.#sendError(failure ?? error));
  }

  #sendError(error: OutpostError): void {
    const { exchange } = this.#start;
    if (exchange.res.destroyed) return;
    const separator = this.#hold.isMidEvent ? '\n\n' : '';
    exchange.res.end(separator + errorEvent(error, exchange.family));
  }

  #forward(parts: readonly Buffer[]): void {
    const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    this.#body.add(bytes);
    writeWithBackPressure(this.#start, bytes);
  }

  /** What is held at the commit is part of the recorded body, since the client gets it if the commit succeeds. */
  #recordHeld(): void {
    for (const bytes of this.#hold.held()) this.#body.add(bytes);
  }

  #sendHeld(): void {
    for (const bytes of this.#hold.release()) writeWithBackPressure(this.#start, bytes);
  }

  #finish(): void {
    const { res } = this.#start.exchange;
    if (!res.destroyed) res.end();
  }

  #answer() {
    return { headers: this.#start.headers, body: this.#body };
  }

  #outcome(error: string | null): Outcome {
    const { attempt, status, queueMs, retries } = this.#start;
    const facts = this.#observer.facts();
    const reported = facts.error === null ? null : `The model server reported: ${facts.error}`;
    return {
      state: facts.error === null ? 'ok' : 'error',
      httpStatus: status,
      modelServed: attempt.model,
      servedBy: attempt.server.name,
      usage: facts.usage,
      ttftMs: facts.firstContentMs,
      queueMs,
      finishReason: facts.finishReason,
      retries,
      error: error ?? reported,
      errorCode: facts.error === null ? null : 'UPSTREAM_ERROR',
      answerText: facts.answerText,
      chunkTimesMs: facts.timesMs,
    };
  }

  /** How far the stream had come, in words. */
  #progress(): string {
    const { events, usage } = this.#observer.facts();
    if (events === 0) return 'before the first event of its stream';
    const tokens = usage.completionTokens === null ? '' : ` (${usage.completionTokens} tokens)`;
    return `after ${events} ${events === 1 ? 'event' : 'events'}${tokens} of its stream`;
  }
}
