import type { SseEvent } from './sse-scanner.ts';
import { SseScanner } from './sse-scanner.ts';

export interface HeldPart {
  /** Bytes the client may have now. */
  readonly forward: readonly Buffer[];
  /** Whether the terminal event has come: from it on everything is held. */
  readonly isTerminal: boolean;
}

/** Events after which a client takes the stream as complete. */
const TERMINAL_NAMES = new Set(['message_stop', 'response.completed', 'response.incomplete', 'response.failed']);
const TERMINAL_START = /^(?:\xef\xbb\xbf)?event: ?(?:message_stop|response\.(?:completed|incomplete|failed))[\r\n]/;

/** An event that grows beyond this is passed on in parts, so that no stream can fill the memory. */
const MAX_PENDING_BYTES = 64 * 1024;

/**
 * Decides which bytes of a stream may pass before its row is committed: whole events as they become complete, everything
 * but the terminal event and what follows it. Bytes are never changed, but whole events can be left out (the token counts
 * that only the gateway asked for): those for which `onEvent`, called for each in order, returns true.
 */
export class StreamHold {
  readonly #scanner = new SseScanner();
  readonly #onEvent: (event: SseEvent) => boolean;
  #held: Buffer[] = [];
  #isTerminal = false;
  #isMidEvent = false;

  constructor(onEvent: (event: SseEvent) => boolean) {
    this.#onEvent = onEvent;
  }

  push(chunk: Buffer): HeldPart {
    if (this.#isTerminal) {
      this.#held.push(chunk);
      return { forward: [], isTerminal: true };
    }
    const events = this.#scanner.push(chunk);
    const forward: Buffer[] = [];
    for (const event of events) {
      if (!this.#isTerminal && isTerminalEvent(event)) this.#isTerminal = true;
      if (this.#onEvent(event)) continue;
      (this.#isTerminal ? this.#held : forward).push(event.raw);
    }
    if (events.length > 0) this.#isMidEvent = false;
    if (this.#isTerminal) {
      if (this.#scanner.pendingBytes > 0) this.#held.push(this.#scanner.takeRest());
    } else if (this.#scanner.pendingBytes > MAX_PENDING_BYTES && !this.#pendingIsTerminal()) {
      forward.push(this.#scanner.takeRest());
      this.#isMidEvent = true;
    }
    return { forward, isTerminal: this.#isTerminal };
  }

  /** Whether the client has part of an event whose end has not come. */
  get isMidEvent(): boolean {
    return this.#isMidEvent;
  }

  /** Everything still held, an incomplete last event included. */
  held(): readonly Buffer[] {
    if (this.#scanner.pendingBytes > 0) this.#held.push(this.#scanner.takeRest());
    return this.#held;
  }

  /** Takes what is held, to be sent once the row is committed. */
  release(): readonly Buffer[] {
    const held = this.held();
    this.#held = [];
    return held;
  }

  #pendingIsTerminal(): boolean {
    return !this.#isMidEvent && TERMINAL_START.test(this.#scanner.pendingStart(64));
  }
}

export function isTerminalEvent(event: SseEvent): boolean {
  if (event.name !== null && TERMINAL_NAMES.has(event.name)) return true;
  if (event.data === null) return false;
  if (event.data.startsWith('[DONE]')) return event.data.trim() === '[DONE]';
  if (event.name !== null) return false;
  const type = /^\s*\{\s*"type"\s*:\s*"([a-z_.]+)"/.exec(event.data)?.[1];
  return type !== undefined && TERMINAL_NAMES.has(type);
}
