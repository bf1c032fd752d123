import { parseSse } from '../../stores/parse-sse.ts';
import { parseJson } from '../../stores/read-json.ts';

/** Larger bodies are shown as they are: laying them out would hold up the page. */
const MOST_CHARACTERS = 4_000_000;

/** JSON laid out with indentation, in a stream event by event; null when that would change nothing. */
export function formatBody(body: string): string | null {
  if (body.length > MOST_CHARACTERS) return null;
  const value = parseJson(body);
  if (value !== undefined) return JSON.stringify(value, null, 2);
  if (!/^(data|event|id|retry|:)/.test(body)) return null;
  return parseSse(body)
    .map(({ event, data }) => {
      const parsed = parseJson(data);
      const text = parsed === undefined ? data : JSON.stringify(parsed, null, 1).replace(/\n\s*/g, ' ');
      return event === null ? text : `${event}\n  ${text}`;
    })
    .join('\n');
}
