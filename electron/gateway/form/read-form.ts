import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import type { ByteRange } from '../json/scan-object.ts';

/** What routing needs to know of a multipart form. */
export interface FormFacts {
  readonly model: string | null;
  readonly stream: boolean;
  readonly boundary: string;
  /** Where the value of the field `model` is, or null without one. */
  readonly modelAt: ByteRange | null;
}

const MAX_PART_HEAD_BYTES = 16 * 1024;

export function isForm(contentType: string): boolean {
  return /^\s*multipart\/form-data\s*(;|$)/i.test(contentType);
}

/**
 * Reads the facts of a form. Whatever another reader might take differently (a preamble, a field given twice, an odd part
 * head) is refused with BAD_REQUEST: the model server must not see another model than the one the key was checked for.
 */
export function readForm(body: Buffer, contentType: string): Result<FormFacts> {
  const boundaries = [...contentType.matchAll(/;\s*boundary=(?:"([^"\\]{1,70})"|([^\s;,"]{1,70}))/gi)];
  const boundary = boundaries[0]?.[1] ?? boundaries[0]?.[2];
  if (boundaries.length !== 1 || boundary === undefined)
    return notReadable('its content-type names no single boundary');
  const first = `--${boundary}\r\n`;
  if (body.toString('latin1', 0, first.length) !== first) return notReadable('it does not begin with its boundary');
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  const fields = new Map<string, ByteRange>();
  let at = first.length;
  for (;;) {
    const headEnd = body.indexOf('\r\n\r\n', at);
    const end = body.indexOf(delimiter, at);
    if (end < 0) return notReadable('its last part has no end');
    if (headEnd < 0 || headEnd >= end || headEnd - at > MAX_PART_HEAD_BYTES) return notReadable('a part has no head');
    const field = fieldOf(body.toString('latin1', at, headEnd));
    if (field === null) return notReadable('a part has no plain field name');
    if (field.name === 'model' || field.name === 'stream') {
      if (field.isFile || fields.has(field.name))
        return notReadable(`its field "${field.name}" is not one plain value`);
      fields.set(field.name, { start: headEnd + 4, end });
    }
    at = end + delimiter.length + 2;
    const after = body.toString('latin1', at - 2, at);
    if (after === '--') break;
    if (after !== '\r\n') return notReadable('a boundary goes on after its end');
  }
  const valueOf = (name: string) => {
    const range = fields.get(name);
    return range === undefined ? null : body.toString('utf8', range.start, range.end);
  };
  return succeed({
    model: valueOf('model') || null,
    stream: valueOf('stream')?.toLowerCase() === 'true',
    boundary,
    modelAt: fields.get('model') ?? null,
  });
}

/** The form with another model; every other byte stays. With null it is the same buffer. */
export function editForm(body: Buffer, { boundary, modelAt }: FormFacts, model: string | null): Buffer {
  if (model === null) return body;
  if (modelAt !== null) {
    return Buffer.concat([body.subarray(0, modelAt.start), Buffer.from(model), body.subarray(modelAt.end)]);
  }
  const part = `--${boundary}\r\ncontent-disposition: form-data; name="model"\r\n\r\n${model}\r\n`;
  return Buffer.concat([Buffer.from(part), body]);
}

function fieldOf(head: string): { readonly name: string; readonly isFile: boolean } | null {
  const lines = head.split('\r\n').filter((line) => /^content-disposition[ \t]*:/i.test(line));
  if (lines.length !== 1 || /[\r\n][ \t]/.test(head)) return null;
  const names = [...(lines[0] ?? '').matchAll(/;\s*name=(?:"([^"\\]*)"|([^\s;"]+))/gi)];
  const name = names[0]?.[1] ?? names[0]?.[2];
  if (names.length !== 1 || name === undefined || /;\s*name\*/i.test(lines[0] ?? '')) return null;
  return { name, isFile: /;\s*filename/i.test(lines[0] ?? '') };
}

function notReadable(why: string): Result<never> {
  return fail(
    'BAD_REQUEST',
    `Outpost's gateway cannot read the multipart form of this request: ${why}.`,
    'Correct the client; Outpost sent nothing to a model server.',
  );
}
