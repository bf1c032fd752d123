import { scanObject } from './scan-object.ts';

export interface BodyEdit {
  /** The model to be named in place of the one asked for, or null to leave it. */
  readonly model: string | null;
  /** Whether to ask for the token counts of a stream; only where the body leaves `stream_options` open. */
  readonly askForUsage: boolean;
}

/** The body of a valid JSON object with the edits made; every other byte stays. Without edits it is the same buffer. */
export function editBody(body: Buffer, edit: BodyEdit): Buffer {
  if (edit.model === null && !edit.askForUsage) return body;
  const scan = scanObject(body, ['model', 'stream_options']);
  if (!scan.valid || !scan.isObject) throw new Error('Only a body whose facts were read can be edited.');
  const changes: { start: number; end: number; text: string }[] = [];
  const additions: string[] = [];
  const setMember = (key: string, value: string): void => {
    const ranges = scan.ranges.get(key) ?? [];
    // All of a repeated key, so that no reader can be told two things.
    for (const range of ranges) changes.push({ ...range, text: value });
    if (ranges.length === 0) additions.push(`${JSON.stringify(key)}:${value}`);
  };
  if (edit.model !== null) setMember('model', JSON.stringify(edit.model));
  if (edit.askForUsage) setMember('stream_options', '{"include_usage":true}');
  if (additions.length > 0) {
    const text = additions.join(',') + (scan.isEmpty ? '' : ',');
    changes.push({ start: scan.insideAt, end: scan.insideAt, text });
  }
  changes.sort((a, b) => a.start - b.start);
  const parts: Buffer[] = [];
  let at = 0;
  for (const change of changes) {
    parts.push(body.subarray(at, change.start), Buffer.from(change.text));
    at = change.end;
  }
  parts.push(body.subarray(at));
  return Buffer.concat(parts);
}
