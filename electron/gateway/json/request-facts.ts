import { isUtf8 } from 'node:buffer';
import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import type { JsonObject } from '../texts/read-json.ts';
import { asObject } from '../texts/read-json.ts';
import type { ByteRange } from './scan-object.ts';
import { scanObject } from './scan-object.ts';

/** What routing needs to know of a request's body. */
export interface RequestFacts {
  /** The model asked for, or null when there is none or it is not a non-empty string. Of several, the last counts. */
  readonly model: string | null;
  readonly stream: boolean;
  /** Whether the client set "stream_options", null aside. */
  readonly setsStreamOptions: boolean;
  /** The whole body where it was small enough to be parsed, else null. */
  readonly parsed: JsonObject | null;
}

/** Up to here JSON.parse is the faster way to the facts; beyond, building everything would hold up other requests. */
const MAX_PARSED_BYTES = 256 * 1024;

/** Reads the facts of a JSON body; the error (INVALID_JSON) says at which byte it is wrong. */
export function readRequestFacts(body: Buffer): Result<RequestFacts> {
  if (body.length === 0) {
    return fail('INVALID_JSON', 'Outpost expected a JSON object as the body of this request, and it is empty.');
  }
  if (!isUtf8(body)) {
    return fail('INVALID_JSON', "The request's body is not valid UTF-8, so Outpost cannot read it as JSON.");
  }
  return body.length <= MAX_PARSED_BYTES ? parseFacts(body) : scanFacts(body);
}

function parseFacts(body: Buffer): Result<RequestFacts> {
  let parsed: JsonObject | null;
  try {
    parsed = asObject(JSON.parse(body.toString('utf8')));
  } catch {
    // The scanner says the same with the position, which the engine's message has only at times.
    return scanFacts(body);
  }
  if (parsed === null) return notAnObject();
  const { model, stream, stream_options: options } = parsed;
  return succeed({
    model: typeof model === 'string' && model !== '' ? model : null,
    stream: stream === true,
    setsStreamOptions: options !== undefined && options !== null,
    parsed,
  });
}

/** The same facts without building the body's values. */
export function scanFacts(body: Buffer): Result<RequestFacts> {
  const scan = scanObject(body, ['model', 'stream', 'stream_options']);
  if (!scan.valid) {
    return fail(
      'INVALID_JSON',
      `The request's body is not valid JSON: ${scan.problem} at byte ${scan.position} of ${body.length}.`,
      'Correct the body and send it again; Outpost sent nothing to a model server.',
    );
  }
  if (!scan.isObject) return notAnObject();
  const options = textOf(body, scan.ranges.get('stream_options')?.at(-1));
  return succeed({
    model: readModel(body, scan.ranges.get('model')?.at(-1)),
    stream: textOf(body, scan.ranges.get('stream')?.at(-1)) === 'true',
    setsStreamOptions: options !== null && options !== 'null',
    parsed: null,
  });
}

function notAnObject(): Result<never> {
  return fail('INVALID_JSON', "The request's body is JSON, but not an object.");
}

function readModel(body: Buffer, range: ByteRange | undefined): string | null {
  if (range === undefined || body[range.start] !== 0x22) return null;
  const model: unknown = JSON.parse(body.toString('utf8', range.start, range.end));
  return typeof model === 'string' && model !== '' ? model : null;
}

function textOf(body: Buffer, range: ByteRange | undefined): string | null {
  return range === undefined ? null : body.toString('latin1', range.start, range.end);
}
