import { isUtf8 } from 'node:buffer';
import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import type { ByteRange } from './scan-object.ts';
import { scanObject } from './scan-object.ts';

/** What routing needs to know of a request's body. */
export interface RequestFacts {
  /** The model asked for, or null when there is none or it is not a non-empty string. Of several, the last counts. */
  readonly model: string | null;
  readonly stream: boolean;
  /** Every top-level "model" value, so that none is left over when the model is rewritten. */
  readonly modelRanges: readonly ByteRange[];
  /** Offset just behind the opening brace, where a member can be put in. */
  readonly insideAt: number;
  readonly isEmpty: boolean;
  /** The value of "stream_options" when it is null, `absent`, or `given` when the client set it. */
  readonly streamOptions: 'absent' | 'given' | ByteRange;
}

const KEYS = ['model', 'stream', 'stream_options'] as const;

/** Reads the facts of a JSON body; the error (INVALID_JSON) says at which byte it is wrong. */
export function readRequestFacts(body: Buffer): Result<RequestFacts> {
  if (body.length === 0) {
    return fail('INVALID_JSON', 'Outpost expected a JSON object as the body of this request, and it is empty.');
  }
  if (!isUtf8(body)) {
    return fail('INVALID_JSON', "The request's body is not valid UTF-8, so Outpost cannot read it as JSON.");
  }
  const scan = scanObject(body, KEYS);
  if (!scan.valid) {
    return fail(
      'INVALID_JSON',
      `The request's body is not valid JSON: ${scan.problem} at byte ${scan.position} of ${body.length}.`,
      'Correct the body and send it again; Outpost sent nothing to a model server.',
    );
  }
  if (!scan.isObject) return fail('INVALID_JSON', "The request's body is JSON, but not an object.");
  const modelRanges = scan.ranges.get('model') ?? [];
  const options = scan.ranges.get('stream_options');
  return succeed({
    model: readModel(body, modelRanges.at(-1)),
    stream: textOf(body, scan.ranges.get('stream')?.at(-1)) === 'true',
    modelRanges,
    insideAt: scan.insideAt,
    isEmpty: scan.isEmpty,
    streamOptions: describeOptions(body, options),
  });
}

function readModel(body: Buffer, range: ByteRange | undefined): string | null {
  if (range === undefined || body[range.start] !== 0x22) return null;
  const model: unknown = JSON.parse(body.toString('utf8', range.start, range.end));
  return typeof model === 'string' && model !== '' ? model : null;
}

function describeOptions(body: Buffer, ranges: readonly ByteRange[] | undefined): RequestFacts['streamOptions'] {
  if (ranges === undefined) return 'absent';
  const [only] = ranges;
  return ranges.length === 1 && only !== undefined && textOf(body, only) === 'null' ? only : 'given';
}

function textOf(body: Buffer, range: ByteRange | undefined): string | null {
  // Nobody compares with anything longer than a literal.
  if (range === undefined || range.end - range.start > 8) return null;
  return body.toString('latin1', range.start, range.end);
}
