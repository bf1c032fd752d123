import { asArray, asObject, asText, parseObject } from './read-json.ts';
import type { JsonObject } from './read-json.ts';

/** Larger bodies are not searched for text: reading them would hold up every other request. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** What was asked, as text for search, or null when nothing readable is found. */
export function promptText(body: Buffer | JsonObject): string | null {
  const request = Buffer.isBuffer(body) ? parseBody(body) : body;
  if (request === null) return null;
  const texts: string[] = [];
  collect(request['system'], texts);
  collect(request['instructions'], texts);
  for (const message of asArray(request['messages'])) collect(asObject(message)?.['content'], texts);
  for (const key of ['prompt', 'suffix', 'input', 'query', 'documents', 'text_1', 'text_2'])
    collect(request[key], texts);
  return texts.length === 0 ? null : texts.join('\n');
}

function parseBody(body: Buffer): JsonObject | null {
  return body.length > MAX_BODY_BYTES ? null : parseObject(body.toString('utf8'));
}

/** Texts of a string, a list, or an object with `text` or `content`; numbers (token ids) and images are passed over. */
function collect(value: unknown, texts: string[]): void {
  if (typeof value === 'string') {
    if (value !== '') texts.push(value);
    return;
  }
  if (Array.isArray(value)) {
    // A list of token ids would only be walked over for nothing.
    if (typeof value[0] === 'number') return;
    for (const entry of value) collect(entry, texts);
    return;
  }
  const object: JsonObject | null = asObject(value);
  if (object === null) return;
  const text = asText(object['text']);
  if (text !== null) texts.push(text);
  if (object['content'] !== undefined) collect(object['content'], texts);
}
