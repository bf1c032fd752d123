const MOST_CHARACTERS = 1024 * 1024;
/** Names of fields that never hold what somebody wrote. */
const namesOnly = new Set(['id', 'object', 'model', 'role', 'type', 'finish_reason', 'event', 'system_fingerprint']);

/** The words in a body that is kept without its extracted text: the strings of JSON, or of each event of a stream. */
export function readableText(body: Uint8Array | null): string {
  if (body === null) return '';
  const text = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, MOST_CHARACTERS)).toString('utf8');
  const whole = parse(text);
  if (whole !== undefined) return strings(whole).join('\n');
  const events = Array.from(text.matchAll(/^data: ?(.*)$/gm), ([, data = '']) => parse(data));
  // Pieces of one answer follow each other without anything in between.
  if (events.length > 0) return events.flatMap((event) => strings(event)).join('');
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut short, or something else than JSON: the caller goes on with it as text.
    return undefined;
  }
}

function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(strings);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (namesOnly.has(name) ? [] : strings(inner)));
}
