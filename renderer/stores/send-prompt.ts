import { PLAYGROUND_PATH } from '../../electron/contract/playground-path.ts';
import type { ControlAddress } from '../app/control-client.ts';
import { addAnswerPart, emptyAnswer } from './assemble-answer.ts';
import type { Answer } from './assemble-answer.ts';
import { takeSseEvents } from './parse-sse.ts';
import { asObject, asString, parseJson } from './read-json.ts';

export interface PromptError {
  /** HTTP status, or null when no answer came at all. */
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string;
}

export interface PromptOutcome {
  readonly answer: Answer;
  /** From sending to the first piece of text, in milliseconds, measured here; null when none came. */
  readonly ttftMs: number | null;
  readonly durationMs: number;
  readonly requestId: string | null;
  readonly servedBy: string | null;
  readonly stopped: boolean;
  readonly error: PromptError | null;
}

export interface PromptProgress {
  readonly answer: Answer;
  readonly ttftMs: number | null;
  readonly requestId: string | null;
  readonly servedBy: string | null;
}

/**
 * Sends a request through the gateway, a body that is text as it is, and reads the answer as it
 * comes; never throws.
 */
export async function sendPrompt(
  { control, token }: ControlAddress,
  request: { readonly path: string; readonly body: unknown },
  signal: AbortSignal,
  onProgress: (progress: PromptProgress) => void,
  now: () => number = () => performance.now(),
): Promise<PromptOutcome> {
  const startMs = now();
  let progress: PromptProgress = { answer: emptyAnswer, ttftMs: null, requestId: null, servedBy: null };
  const end = (error: PromptError | null): PromptOutcome => ({
    ...progress,
    durationMs: now() - startMs,
    stopped: signal.aborted,
    error: signal.aborted ? null : error,
  });
  const advance = (answer: Answer) => {
    const began = answer.text !== '' || answer.reasoning !== '' || answer.toolCalls.length > 0;
    progress = { ...progress, answer, ttftMs: progress.ttftMs ?? (began ? now() - startMs : null) };
    onProgress(progress);
  };

  try {
    const response = await fetch(control + PLAYGROUND_PATH + request.path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: typeof request.body === 'string' ? request.body : JSON.stringify(request.body),
      cache: 'no-store',
      signal,
    });
    progress = {
      ...progress,
      requestId: response.headers.get('x-request-id'),
      servedBy: response.headers.get('x-outpost-server'),
    };
    onProgress(progress);
    if (!response.ok) return end(readError(response.status, await response.text()));
    if (response.headers.get('content-type')?.includes('text/event-stream') && response.body) {
      await readStream(response.body, (part) => advance(addAnswerPart(progress.answer, part)));
    } else {
      const body = asObject(parseJson(await response.text()));
      if (!body) return end({ status: response.status, code: null, message: 'The answer is not JSON.' });
      advance(addAnswerPart(emptyAnswer, body));
    }
    const { error } = progress.answer;
    return end(error === null ? null : { status: response.status, code: null, message: error });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const message =
      progress.requestId === null
        ? `The service could not be reached (${detail}).`
        : `The answer broke off (${detail}).`;
    return end({ status: null, code: null, message });
  }
}

async function readStream(
  stream: ReadableStream<Uint8Array>,
  onPart: (part: Readonly<Record<string, unknown>>) => void,
): Promise<void> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
    const taken = takeSseEvents(rest);
    rest = taken.rest;
    for (const { data } of taken.events) {
      const part = asObject(parseJson(data));
      if (part) onPart(part);
    }
    if (done) return;
  }
}

/** Reads an error body of OpenAI's shape, which the gateway and vLLM use; any other body is quoted. */
export function readError(status: number, body: string): PromptError {
  const error = asObject(asObject(parseJson(body))?.['error']);
  const message = asString(error?.['message']);
  const code = asString(error?.['code']);
  return { status, code, message: message ?? (body.trim().slice(0, 500) || `HTTP ${status} without a body.`) };
}
