/** One complete server-sent event. */
export interface SseEvent {
  /** Its bytes exactly as they came, with the blank line that ends it. */
  readonly raw: Buffer;
  /** The value of its `event` field, or null. */
  readonly name: string | null;
  /** Its `data` lines joined, or null when it has none (a comment, a ping). */
  readonly data: string | null;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts a byte stream into server-sent events, wherever the stream happens to be split. Line ends are LF, CRLF or CR. All
 * bytes come out again, in order: as events, then `takeRest()`.
 */
export class SseScanner {
  #pieces: Buffer[] = [];
  #pendingBytes = 0;
  /** Whether the next byte starts a line. */
  #atLineStart = true;
  /** Whether the last byte was a CR, so that an LF now belongs to it. */
  #afterCr = false;
  #isFirst = true;

  /** Events completed by this chunk. */
  push(chunk: Buffer): SseEvent[] {
    const events: SseEvent[] = [];
    let start = 0;
    for (let end = this.#nextBoundary(chunk, 0); end >= 0; end = this.#nextBoundary(chunk, end)) {
      this.#pieces.push(start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end));
      events.push(this.#finishEvent());
      start = end;
    }
    if (start < chunk.length) {
      this.#pieces.push(start === 0 ? chunk : chunk.subarray(start));
      this.#pendingBytes += chunk.length - start;
    }
    return events;
  }

  /** Bytes of the event that is not complete yet. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** The first bytes (at most `limit`) of the event that is not complete yet, as text. */
  pendingStart(limit: number): string {
    return joined(this.#pieces).toString('latin1', 0, limit);
  }

  /** Takes the bytes of the event that is not complete yet; what follows of it counts as an event of its own. */
  takeRest(): Buffer {
    const rest = joined(this.#pieces);
    this.#pieces = [];
    this.#pendingBytes = 0;
    return rest;
  }

  #finishEvent(): SseEvent {
    const raw = joined(this.#pieces);
    this.#pieces = [];
    this.#pendingBytes = 0;
    const text = raw.toString('utf8');
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    // A byte order mark may precede the first event only.
    return parseEvent(raw, isFirst && text.startsWith('\ufeff') ? text.slice(1) : text);
  }

  /** Offset behind the next blank line, searching from `from`, or -1; keeps the line state for the next call. */
  #nextBoundary(chunk: Buffer, from: number): number {
    let at = from;
    while (at < chunk.length) {
      const byte = chunk[at] as number;
      if (byte === LF && this.#afterCr) {
        this.#afterCr = false;
        at += 1;
        continue;
      }
      this.#afterCr = false;
      if (byte === LF || byte === CR) {
        const isBlank = this.#atLineStart;
        this.#atLineStart = true;
        at += 1;
        if (byte === CR) {
          if (chunk[at] === LF) at += 1;
          else this.#afterCr = at === chunk.length;
        }
        if (isBlank) return at;
        continue;
      }
      this.#atLineStart = false;
      at = endOfLine(chunk, at);
    }
    return -1;
  }
}

/** Offset of the next line end, or the length of the chunk. */
function endOfLine(chunk: Buffer, from: number): number {
  const lf = chunk.indexOf(LF, from);
  const limit = lf < 0 ? chunk.length : lf;
  // JSON never contains a bare CR, so this search nearly always ends at the LF found already.
  const cr = chunk.subarray(from, limit).indexOf(CR);
  return cr < 0 ? limit : from + cr;
}

function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
}

function parseEvent(raw: Buffer, text: string): SseEvent {
  // What vLLM sends, and so nearly every event: one data line.
  if (text.startsWith('data: ') && text.endsWith('\n\n')) {
    const lineEnd = text.indexOf('\n');
    if (lineEnd === text.length - 2 && !text.includes('\r')) return { raw, name: null, data: text.slice(6, lineEnd) };
  }
  let name: string | null = null;
  let data: string | null = null;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (line.startsWith('data:')) data = data === null ? value : `${data}\n${value}`;
    else if (line.startsWith('event:')) name = value;
  }
  return { raw, name, data };
}
