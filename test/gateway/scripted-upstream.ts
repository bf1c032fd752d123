import net from 'node:net';
import { onTestFinished } from 'vitest';
import { waitFor } from '../fixtures/wait-for.ts';

/** One request as it came over the wire. */
export interface WireRequest {
  readonly head: string;
  readonly body: string;
  readonly socket: net.Socket;
}

export interface ScriptedUpstream {
  readonly baseUrl: string;
  readonly port: number;
  readonly requests: readonly WireRequest[];
  /** Waits for the nth request (from 0). */
  request(index: number): Promise<WireRequest>;
  close(): Promise<void>;
}

/** A model server that answers with raw bytes, so that a test decides on every one of them. */
export async function startUpstream(answer: (request: WireRequest, index: number) => void): Promise<ScriptedUpstream> {
  const requests: WireRequest[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let pending = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      pending += text;
      for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
        const head = pending.slice(0, end);
        const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
        if (pending.length < end + 4 + length) return;
        const body = Buffer.from(pending.slice(end + 4, end + 4 + length), 'latin1').toString('utf8');
        pending = pending.slice(end + 4 + length);
        requests.push({ head, body, socket });
        answer(requests.at(-1) as WireRequest, requests.length - 1);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  onTestFinished(close);
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    port,
    requests,
    request: (index) => waitFor(() => requests[index], { what: `request ${index} at the model server`, everyMs: 5 }),
    close,
  };
}

export function sendJson(socket: net.Socket, value: unknown, status = '200 OK'): void {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  socket.write(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

export function beginStream(socket: net.Socket): void {
  socket.write(
    'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n',
  );
}

export function sendChunk(socket: net.Socket, bytes: string | Buffer): void {
  const buffer = Buffer.from(bytes);
  if (buffer.length === 0) return;
  socket.write(Buffer.concat([Buffer.from(`${buffer.length.toString(16)}\r\n`), buffer, Buffer.from('\r\n')]));
}

export function endStream(socket: net.Socket): void {
  socket.write('0\r\n\r\n');
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
