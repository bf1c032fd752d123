import net from 'node:net';
import type { OutpostError, Result } from '../contract/outpost-error.ts';
import { outpostError } from '../contract/outpost-error.ts';
import { parseObject, readLines } from './json-lines.ts';
import type { Requests } from './local-socket.ts';

export interface LocalClient<R, E> {
  /** UNREACHABLE-type errors come back as a result; the promise never rejects. */
  call<K extends keyof R & string>(
    method: K,
    params: R[K] extends { params: infer P } ? P : never,
    timeoutMs?: number,
  ): Promise<Result<R[K] extends { result: infer T } ? T : never>>;
  on<K extends keyof E & string>(event: K, listener: (data: E[K]) => void): () => void;
  /** Resolves when the connection has ended, for whatever reason. */
  readonly closed: Promise<void>;
  close(): void;
}

/** Connects to a local server, or says SERVICE_UNREACHABLE with the system's reason. */
export async function connectLocal<R extends Requests<R>, E extends { [K in keyof E]: unknown }>(
  address: string,
  timeoutMs = 2000,
): Promise<Result<LocalClient<R, E>>> {
  const socket = net.connect(address);
  const failure = await new Promise<Error | null>((resolve) => {
    const timer = setTimeout(() => resolve(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const settle = (error: Error | null) => {
      clearTimeout(timer);
      resolve(error);
    };
    socket.once('connect', () => settle(null));
    socket.once('error', settle);
  });
  if (failure) {
    socket.destroy();
    return {
      ok: false,
      error: outpostError('SERVICE_UNREACHABLE', `Nothing answers on ${address}: ${failure.message}.`),
    };
  }
  return { ok: true, value: clientOf<R, E>(socket, address) };
}

function clientOf<R extends Requests<R>, E extends { [K in keyof E]: unknown }>(
  socket: net.Socket,
  address: string,
): LocalClient<R, E> {
  type Pending = { settle(result: Result<unknown>): void };
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, Set<(data: unknown) => void>>();
  let nextId = 1;
  const closed = new Promise<void>((resolve) => {
    // The reason does not matter to callers: every pending call fails below.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      for (const call of pending.values()) {
        call.settle({ ok: false, error: outpostError('SERVICE_UNREACHABLE', `The connection to ${address} ended.`) });
      }
      pending.clear();
      resolve();
    });
  });
  readLines(socket, (line) => {
    const message = parseObject(line);
    if (!message) return;
    if (typeof message['event'] === 'string') {
      for (const listener of listeners.get(message['event']) ?? []) listener(message['data']);
      return;
    }
    const call = pending.get(Number(message['id']));
    pending.delete(Number(message['id']));
    call?.settle(
      message['error'] === undefined
        ? { ok: true, value: message['result'] }
        : { ok: false, error: message['error'] as OutpostError },
    );
  });
  return {
    closed,
    close: () => socket.destroy(),
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      const erased = listener as (data: unknown) => void;
      set.add(erased);
      return () => set.delete(erased);
    },
    call(method, params, timeoutMs = 10_000) {
      return new Promise((resolve) => {
        const id = nextId++;
        const timer = setTimeout(
          () =>
            settle({
              ok: false,
              error: outpostError('TIMED_OUT', `${address} did not answer "${method}" within ${timeoutMs} ms.`),
            }),
          timeoutMs,
        );
        const settle = (result: Result<unknown>) => {
          clearTimeout(timer);
          pending.delete(id);
          resolve(result as never);
        };
        pending.set(id, { settle });
        if (socket.destroyed)
          settle({ ok: false, error: outpostError('SERVICE_UNREACHABLE', `The connection to ${address} ended.`) });
        else socket.write(`${JSON.stringify({ id, method, params })}\n`);
      });
    },
  };
}
