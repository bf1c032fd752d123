import type { IncomingMessage, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { ApiError } from './api-error.ts';
import { errorBody } from './api-error.ts';

/** One request and its response, with the moment at which its head arrived on the engine's clock. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly arrivedAtMs: number;
  /** Without the query. */
  readonly path: string;
  /** Writes the access line; called once, when the status is known. */
  readonly onHead: (status: number, phrase: string) => void;
}

/** Sends status and headers now, before there is a body. */
export function sendHead(exchange: Exchange, status: number, headers: Readonly<Record<string, string | number>>): void {
  exchange.response.writeHead(status, headers);
  exchange.response.flushHeaders();
  exchange.onHead(status, STATUS_CODES[status] ?? '');
}

export function sendText(exchange: Exchange, status: number, contentType: string, text: string): void {
  const body = Buffer.from(text, 'utf8');
  const headers = { 'content-length': body.length, ...(contentType === '' ? {} : { 'content-type': contentType }) };
  exchange.response.writeHead(status, headers);
  exchange.onHead(status, STATUS_CODES[status] ?? '');
  exchange.response.end(body);
}

export function sendJson(exchange: Exchange, status: number, value: unknown): void {
  sendText(exchange, status, 'application/json', JSON.stringify(value));
}

export function sendError(exchange: Exchange, error: ApiError): void {
  sendJson(exchange, error.status, errorBody(error));
}

/** The whole body as text, or null when the client went away first. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer); // without an encoding, a request yields buffers
  } catch {
    // The only error here is a connection that broke: there is nobody left to answer.
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Calls back when the client goes away before its response is complete. */
export function onDisconnect(exchange: Exchange, callback: () => void): void {
  exchange.response.on('close', () => {
    if (!exchange.response.writableFinished) callback();
  });
}
