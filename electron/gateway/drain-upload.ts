import type { IncomingMessage } from 'node:http';
import type { Clock } from '../base/clock.ts';

const MAX_DRAINED_BYTES = 16 * 1024 * 1024;
const MAX_DRAIN_MS = 5_000;

/**
 * Reads and forgets the rest of an upload that has been answered already. Closing at once would reset the connection, and
 * the client would lose the answer that explains why; an endless upload is cut all the same.
 */
export function drainUpload(req: IncomingMessage, clock: Clock): void {
  let drained = 0;
  const cut = (): void => {
    req.destroy();
  };
  const cancel = clock.after(MAX_DRAIN_MS, cut);
  req.on('data', (chunk: Buffer) => {
    drained += chunk.length;
    if (drained > MAX_DRAINED_BYTES) cut();
  });
  req.once('close', cancel);
  req.once('end', cancel);
  req.resume();
}
