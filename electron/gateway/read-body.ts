import type { IncomingMessage } from 'node:http';
import type { Result } from '../contract/outpost-error.ts';
import { fail, succeed } from '../contract/outpost-error.ts';
import { isForm } from './form/read-form.ts';

/** Says no to a body before any of it is read: REQUEST_TOO_LARGE, UNSUPPORTED_ENCODING. */
export function checkBodyHeaders(req: IncomingMessage, maxBytes: number): Result<void> {
  const encoding = req.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== '') {
    return fail(
      'UNSUPPORTED_ENCODING',
      `Outpost's gateway does not take bodies with content-encoding "${encoding.slice(0, 50)}".`,
      'Send the body uncompressed.',
    );
  }
  const type = req.headers['content-type'] ?? '';
  if (/^\s*multipart\//i.test(type) && !isForm(type)) {
    return fail(
      'UNSUPPORTED_ENCODING',
      "Outpost's gateway takes JSON and multipart/form-data, and this request sends another kind of multipart body.",
      'Send the body as one of these.',
    );
  }
  const length = Number(req.headers['content-length'] ?? 0);
  return length > maxBytes ? tooLarge(maxBytes) : succeed(undefined);
}

/**
 * Reads a body whole, which routing needs. `done` is called once: with the body, or REQUEST_TOO_LARGE as soon as it
 * grows beyond the limit. Never called when the client leaves first; the response's `close` event tells that.
 */
export function readBody(req: IncomingMessage, maxBytes: number, done: (body: Result<Buffer>) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const onData = (chunk: Buffer): void => {
    size += chunk.length;
    if (size > maxBytes) {
      req.off('data', onData);
      req.off('end', onEnd);
      req.pause();
      done(tooLarge(maxBytes));
      return;
    }
    chunks.push(chunk);
  };
  const onEnd = (): void => done(succeed(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
  req.on('data', onData);
  req.on('end', onEnd);
}

function tooLarge(maxBytes: number): Result<never> {
  return fail(
    'REQUEST_TOO_LARGE',
    `The request's body is larger than the ${maxBytes} bytes that Outpost's gateway takes.`,
    'Send less, for example fewer or smaller images.',
  );
}
