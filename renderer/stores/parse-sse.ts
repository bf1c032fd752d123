export interface SseEvent {
  /** Name of the event, or null when the stream gives none. */
  readonly event: string | null;
  readonly data: string;
}

/**
 * Takes the complete events off the beginning of what has arrived of a server-sent event stream; `rest` is what belongs
 * to an event that has not ended yet. Lines end with LF, CR or CRLF; comments and empty events are skipped.
 */
export function takeSseEvents(text: string): { readonly events: readonly SseEvent[]; readonly rest: string } {
  const events: SseEvent[] = [];
  let rest = text;
  for (;;) {
    const end = /\r\n\r\n|\n\n|\r\r(?!\n)/.exec(rest);
    if (!end) return { events, rest };
    const event = parseEvent(rest.slice(0, end.index));
    if (event) events.push(event);
    rest = rest.slice(end.index + end[0].length);
  }
}

/** All events of a whole stream, also a last one that was cut off before its blank line. */
export function parseSse(text: string): readonly SseEvent[] {
  const { events, rest } = takeSseEvents(text);
  const last = parseEvent(rest);
  return last ? [...events, last] : events;
}

function parseEvent(block: string): SseEvent | null {
  let event: string | null = null;
  const data: string[] = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
  }
  return data.length === 0 ? null : { event, data: data.join('\n') };
}
