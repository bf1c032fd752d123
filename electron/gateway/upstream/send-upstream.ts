import type { Dispatcher, Pool } from 'undici';
import type { UpstreamFailure } from './explain-failure.ts';
import { classifyFailure } from './explain-failure.ts';

export interface UpstreamRequest {
  readonly path: string;
  readonly headers: string[];
  readonly body: Buffer;
  readonly firstByteTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** Called as the response comes in; after `onEnd` or `onFailure` nothing more is called, nor after `abort`. */
export interface UpstreamListener {
  /** `rawHeaders`: names and values in turn, as they came. */
  onHeaders(status: number, rawHeaders: readonly string[]): void;
  onData(chunk: Buffer): void;
  onEnd(): void;
  onFailure(failure: UpstreamFailure): void;
}

export interface UpstreamCall {
  pause(): void;
  resume(): void;
  /** Ends the request at the model server, which then stops working on it. */
  abort(): void;
}

/** Sends one POST to a model server. */
export function sendUpstream(pool: Pool, request: UpstreamRequest, listener: UpstreamListener): UpstreamCall {
  let controller: Dispatcher.DispatchController | null = null;
  let isAborted = false;
  let sawHeaders = false;
  pool.dispatch(
    {
      path: request.path,
      method: 'POST',
      headers: request.headers,
      body: request.body,
      headersTimeout: request.firstByteTimeoutMs,
      bodyTimeout: request.idleTimeoutMs,
    },
    {
      onRequestStart(started) {
        controller = started;
        if (isAborted) started.abort(abortReason());
      },
      onResponseStart(current, status) {
        // 1xx answers are for this hop alone.
        if (status < 200 || isAborted) return;
        sawHeaders = true;
        listener.onHeaders(status, textHeaders(current.rawHeaders));
      },
      onResponseData(_current, chunk) {
        if (!isAborted) listener.onData(chunk);
      },
      onResponseEnd() {
        if (!isAborted) listener.onEnd();
      },
      onResponseError(_current, error) {
        if (!isAborted) listener.onFailure(classifyFailure(error, sawHeaders));
      },
    },
  );
  return {
    pause: () => controller?.pause(),
    resume: () => controller?.resume(),
    abort() {
      if (isAborted) return;
      isAborted = true;
      controller?.abort(abortReason());
    },
  };
}

/** Made only when needed: an error takes a picture of the stack. */
function abortReason(): Error {
  return new Error('The gateway ended this request.');
}

/** undici hands raw headers as buffers in Latin-1, as HTTP has them. */
function textHeaders(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) throw new Error('The HTTP client gives raw headers as a list.');
  return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}
