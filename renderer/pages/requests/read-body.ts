import { parseSse } from '../../stores/parse-sse.ts';
import { parseJson } from '../../stores/read-json.ts';

/** Larger ones are shown as text first, since reading them takes a moment that nobody may have asked for. */
export const MOST_READ_AT_ONCE = 4_000_000;

/**
 * The JSON of a body; of an event stream the list of its events, each with its data read where that is JSON. Undefined
 * when it is neither.
 */
export function readBody(body: string): unknown {
  const value = parseJson(body);
  if (value !== undefined) return typeof value === 'object' && value !== null ? value : undefined;
  if (!/^(data|event|id|retry|:)/.test(body)) return undefined;
  const events = parseSse(body).map(({ event, data }) => {
    const parsed = parseJson(data) ?? data;
    return event === null ? parsed : { event, data: parsed };
  });
  return events.length === 0 ? undefined : events;
}
