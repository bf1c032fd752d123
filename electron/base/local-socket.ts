import { chmodSync, existsSync, rmSync } from 'node:fs';
import net from 'node:net';
import type { Result } from '../contract/outpost-error.ts';
import { outpostError } from '../contract/outpost-error.ts';
import { MAX_LINE_BYTES, parseObject, readLines } from './json-lines.ts';

/**
 * Requests and events between Outpost's own processes on one machine: JSON lines over a Unix socket or a named pipe.
 * Client to server `{id, method, params}`; server to client `{id, result}`, `{id, error}` or `{event, data}`. Unknown
 * fields are ignored and unknown methods answered with NOT_FOUND, which is what lets versions differ.
 */
type RequestMap = { [method: string]: { params: unknown; result: unknown } };
/** Requests by name. */
export type Requests<R> = { [K in keyof R]: { params: unknown; result: unknown } };

/** Answers of a server; a rejection becomes an INTERNAL error for the caller. */
export type Handlers<R extends Requests<R>> = {
  readonly [K in keyof R]: (params: R[K]['params']) => Promise<R[K]['result']> | R[K]['result'];
};

export interface LocalServer<E> {
  /** Sends an event to every connected client; a client that does not read is cut off at 16 MiB, never waited for. */
  broadcast<K extends keyof E & string>(event: K, data: E[K]): void;
  /**
   * Listens anew when the socket file has vanished, as cleaners of temporary folders make it, or when the address is now
   * another; to be called now and then. True when it listens under the address afterwards.
   */
  ensureListening(address: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Listens on a local address for its owner alone. A stale socket file is replaced; one that answers is not: the error is
 * then DATA_DIRECTORY_IN_USE. Other failures (folder missing, no permission) are DATA_DIRECTORY_UNUSABLE.
 */
export async function serveLocal<R extends Requests<R>, E extends { [K in keyof E]: unknown }>(
  address: string,
  handlers: Handlers<R>,
): Promise<Result<LocalServer<E>>> {
  const lock = await acquireLock(address);
  if (!lock) return inUse(address);
  if (process.platform !== 'win32') {
    // Another network namespace of the same machine does not see the lock, but it sees the file.
    if (await answers(address)) {
      lock.close();
      return inUse(address);
    }
    rmSync(address, { force: true });
  }
  const clients = new Set<net.Socket>();
  const open = (at: string) =>
    listen(at, (socket) => {
      clients.add(socket);
      // A client that vanishes is no news to the server; 'close' follows and does the tidying.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => clients.delete(socket));
      readLines(socket, (line) => void answer(socket, line, handlers as unknown as Handlers<RequestMap>));
    });
  const first = await open(address);
  if (!first.ok) {
    lock.close();
    return first;
  }
  let server = first.value;
  let current = address;
  let closed = false;
  return {
    ok: true,
    value: {
      broadcast(event, data) {
        const line = `${JSON.stringify({ event, data })}\n`;
        for (const socket of clients) {
          if (socket.writableLength > MAX_LINE_BYTES) socket.destroy();
          else socket.write(line);
        }
      },
      async ensureListening(wanted) {
        if (closed || process.platform === 'win32') return !closed;
        if (wanted === current && existsSync(wanted)) return true;
        // Closing removes whatever has the old name, so the old one goes first; its connections stay.
        server.close();
        const again = await open(wanted);
        if (!again.ok) return false;
        server = again.value;
        current = wanted;
        return true;
      },
      close: () =>
        new Promise((resolve) => {
          closed = true;
          for (const socket of clients) socket.destroy();
          lock.close();
          server.close(() => resolve());
        }),
    },
  };
}

function inUse(address: string): Result<never> {
  return { ok: false, error: outpostError('DATA_DIRECTORY_IN_USE', `Another process already answers on ${address}.`) };
}

async function listen(address: string, onConnection: (socket: net.Socket) => void): Promise<Result<net.Server>> {
  const server = net.createServer(onConnection);
  const failure = await listenFailure(server, address);
  if (failure) {
    const code = failure.code === 'EADDRINUSE' ? 'DATA_DIRECTORY_IN_USE' : 'DATA_DIRECTORY_UNUSABLE';
    return { ok: false, error: outpostError(code, `Cannot listen on ${address}: ${failure.message}.`) };
  }
  if (process.platform !== 'win32') chmodSync(address, 0o600);
  return { ok: true, value: server };
}

function listenFailure(server: net.Server, address: string): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(address, () => {
      server.off('error', resolve);
      resolve(null);
    });
  });
}

/**
 * Looking whether a socket file answers and replacing it are two steps, between which a second process could do the
 * same. A name in Linux' abstract namespace can be bound once only and is freed by the kernel when its holder dies.
 * Null when another process holds it. Named pipes are exclusive by themselves.
 */
async function acquireLock(address: string): Promise<{ close(): void } | null> {
  if (process.platform !== 'linux') return { close: () => undefined };
  const lock = net.createServer((socket) => socket.destroy());
  const failure = await listenFailure(lock, `\0lock:${address}`);
  if (failure) return null;
  return { close: () => void lock.close() };
}

async function answer(socket: net.Socket, line: string, handlers: Handlers<RequestMap>): Promise<void> {
  const message = parseObject(line);
  if (!message) {
    // Whoever sends this is not one of ours or is broken; nothing after it can be trusted.
    socket.destroy();
    return;
  }
  const method = String(message['method']);
  const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
  let reply: unknown;
  if (!handler) {
    reply = {
      id: message['id'],
      error: outpostError('NOT_FOUND', `This process does not know the request "${method}".`),
    };
  } else {
    try {
      reply = { id: message['id'], result: (await handler(message['params'])) ?? null };
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      reply = {
        id: message['id'],
        error: outpostError('INTERNAL', `"${method}" failed inside Outpost.`, undefined, text),
      };
    }
  }
  if (!socket.destroyed) socket.write(`${JSON.stringify(reply)}\n`);
}

async function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.connect(address);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
