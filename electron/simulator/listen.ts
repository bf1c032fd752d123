import type { Server } from 'node:http';
import { createServer } from 'node:net';

/** A port that cannot be used, with the system's code, such as EADDRINUSE. */
export interface BindFailure {
  readonly ok: false;
  readonly code: string;
}

/**
 * Tries the address without keeping it: vLLM binds its port before it loads but listens only when ready, which Node cannot
 * do apart. Port 0 is always free.
 */
export async function probeAddress(host: string, port: number): Promise<{ readonly ok: true } | BindFailure> {
  if (port === 0) return { ok: true };
  const probe = createServer();
  const result = await listen(probe, host, port);
  if (result.ok) await new Promise((resolve) => probe.close(resolve));
  return result.ok ? { ok: true } : result;
}

/** Listens; the port is the one that was given, or the free one that the system chose for 0. */
export function listen(
  server: Server | ReturnType<typeof createServer>,
  host: string,
  port: number,
): Promise<{ readonly ok: true; readonly port: number } | BindFailure> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException): void => resolve({ ok: false, code: error.code ?? error.message });
    server.once('error', onError);
    server.listen({ host, port, backlog: 2048 }, () => {
      server.off('error', onError);
      const address = server.address();
      resolve({ ok: true, port: typeof address === 'object' && address !== null ? address.port : port });
    });
  });
}
