import type { Exchange } from './http-exchange.ts';
import { sendHead } from './http-exchange.ts';

/** A stream of server-sent events that tells when its client reads too slowly. */
export class SseStream {
  readonly #exchange: Exchange;
  #isBlocked = false;

  constructor(exchange: Exchange, onReady: () => void) {
    this.#exchange = exchange;
    exchange.response.on('drain', () => {
      this.#isBlocked = false;
      onReady();
    });
    sendHead(exchange, 200, { 'content-type': 'text/event-stream; charset=utf-8' });
  }

  /** Whether the client has not yet read what was sent; `onReady` is called once it has. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  send(event: object): void {
    this.#write(`data: ${JSON.stringify(event)}\n\n`);
  }

  end(): void {
    this.#exchange.response.end('data: [DONE]\n\n');
  }

  #write(text: string): void {
    if (!this.#exchange.response.write(text)) this.#isBlocked = true;
  }
}
