import { parseSse } from '../../stores/parse-sse.ts';
import { parseJson } from '../../stores/read-json.ts';

/** JSON laid out with indentation, in a stream event by event; null when it is neither. */
export function formatBody(body: string): string | null {
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
