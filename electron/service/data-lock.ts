import { socketPath } from '../base/data-paths.ts';
import { connectLocal } from '../base/local-socket-client.ts';
import { serveLocal } from '../base/local-socket.ts';
import type { Result } from '../contract/outpost-error.ts';
import { fail, succeed } from '../contract/outpost-error.ts';

interface LockRequests {
  /** Who holds the data directory. */
  hello: { params: Record<string, never>; result: { pid: number } };
}

type NoEvents = Record<never, never>;

export interface DataLock {
  release(): Promise<void>;
}

/** A cleaner of temporary folders may remove the socket file; this often it is looked for. */
const CHECK_MS = 60_000;

/**
 * Claims a data directory for this service. The claim is a local socket, so it ends with the process however that ends.
 * Fails with DATA_DIRECTORY_IN_USE, naming the process that has it.
 */
export async function lockDataDirectory(dataRoot: string): Promise<Result<DataLock>> {
  const address = socketPath(dataRoot, 'service');
  const server = await serveLocal<LockRequests, NoEvents>(address, { hello: () => ({ pid: process.pid }) });
  if (!server.ok) {
    if (server.error.code !== 'DATA_DIRECTORY_IN_USE') return server;
    const holder = await whoHolds(address);
    return fail(
      'DATA_DIRECTORY_IN_USE',
      `Another Outpost service${holder === null ? '' : ` (process ${holder})`} uses the data directory ${dataRoot}.`,
      'Use that one, end it first, or give another data directory with --data.',
    );
  }
  const check = setInterval(() => void server.value.ensureListening(socketPath(dataRoot, 'service')), CHECK_MS);
  check.unref();
  return succeed({
    async release() {
      clearInterval(check);
      await server.value.close();
    },
  });
}

async function whoHolds(address: string): Promise<number | null> {
  const client = await connectLocal<LockRequests, NoEvents>(address);
  if (!client.ok) return null;
  const hello = await client.value.call('hello', {}, 2000);
  client.value.close();
  return hello.ok ? hello.value.pid : null;
}
