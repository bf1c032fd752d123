import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OutpostError } from '../contract/outpost-error.ts';
import { outpostError } from '../contract/outpost-error.ts';
import type { OpenedRequest, RequestBodies } from '../contract/request-row.ts';
import type { BodyCapture } from './body-capture.ts';
import { MAX_RECORDED_BYTES } from './body-capture.ts';
import type { Outcome } from './build-row.ts';
import { buildClosedRow } from './build-row.ts';
import type { GatewayContext } from './gateway-context.ts';
import { countedTokens } from './limits/counted-tokens.ts';
import type { ApiFamily } from './parse-target.ts';
import { requestIdOf } from './request-id.ts';
import type { AllowedKey, Routing } from './routing.ts';
import { recordedHeaders } from './upstream/headers.ts';

/** What the record keeps of the answer. */
export interface RecordedAnswer {
  readonly headers: readonly string[];
  readonly body: BodyCapture | Buffer | null;
}

/** One request from accepting it to its end: what is known of it, and its row. */
export class Exchange {
  readonly context: GatewayContext;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly requestId: string;
  readonly routing: Routing;
  key: AllowedKey | null = null;
  feature: string | null = null;
  family: ApiFamily = 'other';
  modelAsked: string | null = null;
  stream = false;
  requestBody: Buffer | null = null;
  promptText: string | null = null;
  /** What the present stage does when the client leaves. */
  onClientGone: () => void = () => undefined;
  /** What the present stage does when the gateway has to stop. */
  onCut: (error: OutpostError) => void = () => undefined;
  readonly #timeMs: number;
  readonly #startedMs: number;
  #rowId: number | null = null;
  #isClosed = false;
  #isGone = false;
  /** The key whose limits this request is counted against until its end. */
  #countedKey: AllowedKey | null = null;

  constructor(context: GatewayContext, req: IncomingMessage, res: ServerResponse) {
    this.context = context;
    this.req = req;
    this.res = res;
    this.routing = context.routing();
    this.requestId = requestIdOf(req.headers['x-request-id']);
    this.#timeMs = context.clock.nowMs();
    this.#startedMs = context.clock.monotonicMs();
    context.active.add(this);
    res.once('close', () => {
      this.#isGone = true;
      if (!res.writableFinished) this.onClientGone();
      if (this.#isClosed) context.active.delete(this);
    });
  }

  /** Milliseconds since the request was accepted. */
  elapsedMs(): number {
    return this.context.clock.monotonicMs() - this.#startedMs;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Counts the request against the limits of its key until it ends, or returns the limit that is reached. */
  takeKeyAllowance(): OutpostError | null {
    if (this.key === null) return null;
    const error = this.context.keyLimiter.admit(this.key, this.context.clock.nowMs());
    if (error === null) this.#countedKey = this.key;
    return error;
  }

  /** What its row is opened with. */
  openedRow(): Omit<OpenedRequest, 'id'> {
    return {
      timeMs: this.#timeMs,
      requestId: this.requestId,
      method: this.req.method ?? '',
      route: (this.req.url ?? '').slice(0, 2048),
      clientAddress: this.req.socket.remoteAddress?.replace(/^::ffff:/, '') ?? null,
      key: this.key?.name ?? null,
      feature: this.feature,
      modelAsked: this.modelAsked,
      stream: this.stream,
    };
  }

  open(): void {
    this.#rowId ??= this.context.log.open(this.openedRow());
  }

  /**
   * Closes the row (opening it first when its stage had no reason to). Resolves null when the answer may be called
   * complete, or GATEWAY_RECORD_FAILED. May be called once.
   */
  async close(outcome: Outcome, answer: RecordedAnswer): Promise<OutpostError | null> {
    this.open();
    const durationMs = this.elapsedMs();
    this.#end(outcome, durationMs);
    const row = buildClosedRow(this.#rowId ?? 0, outcome, durationMs);
    const result = await this.context.log.close(row, this.#bodies(outcome, answer));
    if (result.ok) return null;
    this.context.unrecorded.count(this.context.clock.nowMs());
    if (this.routing.table.log.durability === 'relaxed') return null;
    return recordFailed(result.error.message);
  }

  /** Ends without a row of its own: counted elsewhere, or not to be recorded at all. */
  endUnrecorded(outcome: Outcome | null): void {
    this.#end(outcome, this.elapsedMs());
  }

  #end(outcome: Outcome | null, durationMs: number): void {
    if (this.#isClosed) throw new Error('A row is closed once: every stage that ends a request asks isClosed first.');
    this.#isClosed = true;
    if (this.#countedKey !== null) {
      const tokens = outcome === null ? 0 : countedTokens(outcome, this.promptText);
      this.context.keyLimiter.end(this.#countedKey, tokens, this.context.clock.nowMs());
    }
    if (outcome !== null) this.context.metrics.observe(outcome, this.feature, durationMs);
    if (this.#isGone) this.context.active.delete(this);
  }

  #bodies(outcome: Outcome, answer: RecordedAnswer): RequestBodies {
    const { requestBody } = this;
    const isLong = requestBody !== null && requestBody.length > MAX_RECORDED_BYTES;
    const requestHeaders = recordedHeaders(this.req.rawHeaders);
    const responseHeaders = recordedHeaders(answer.headers);
    if (isLong) requestHeaders['x-outpost-record'] = `body cut in the record after ${MAX_RECORDED_BYTES} bytes`;
    const body = answer.body === null || Buffer.isBuffer(answer.body) ? answer.body : answer.body.bytes();
    const note = answer.body === null || Buffer.isBuffer(answer.body) ? null : answer.body.note;
    if (note !== null) responseHeaders['x-outpost-record'] = note;
    return {
      requestBody: isLong ? requestBody.subarray(0, MAX_RECORDED_BYTES) : requestBody,
      responseBody: body,
      requestHeaders,
      responseHeaders,
      chunkTimesMs: outcome.chunkTimesMs ?? null,
      promptText: this.promptText,
      answerText: outcome.answerText ?? null,
    };
  }
}

export function recordFailed(why: string): OutpostError {
  return outpostError(
    'GATEWAY_RECORD_FAILED',
    `Outpost cannot record requests at the moment (${why}) and by its settings serves none unrecorded.`,
    'The operator should look at the free space of the data directory and at "outpost logs gateway".',
  );
}
