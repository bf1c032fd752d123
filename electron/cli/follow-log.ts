import type { LogChunk } from '../contract/control-api.ts';
import type { Result } from '../contract/outpost-error.ts';
import { succeed } from '../contract/outpost-error.ts';
import type { CommandContext } from './command-context.ts';
import type { ControlConnection } from './control-client.ts';
import { withService } from './control-client.ts';
import { printLogChunk } from './print-log-chunk.ts';

const RETRY_MS = 1000;

interface LogPosition {
  readonly name: string;
  readonly run: number;
  readonly fromOffset: number;
}

/**
 * Prints what is written to a log from a position on, through restarts of the process and of the service. Ends on
 * Ctrl-C; nothing else ends it.
 */
export async function followLog(start: LogPosition, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const interrupted = new AbortController();
  const stopListening = terminal.onInterrupt(() => interrupted.abort());
  let position = start;
  let lostSaid = false;

  const onChunk = async (chunk: LogChunk) => {
    if (chunk.run !== position.run && !context.json) terminal.writeError(`── run ${chunk.run} ──\n`);
    lostSaid = false;
    position = { ...position, run: chunk.run, fromOffset: chunk.toOffset };
    if (chunk.text !== '') await printLogChunk(chunk, context);
  };
  while (!interrupted.signal.aborted) {
    const ended = await withService(context.dataRoot, (service) =>
      followOnce(service, position, onChunk, interrupted.signal),
    );
    if (interrupted.signal.aborted) break;
    if (!ended.ok && !lostSaid) {
      terminal.writeError(`${ended.error.message} Waiting for it; Ctrl-C ends.\n`);
      lostSaid = true;
    }
    await pause(RETRY_MS, interrupted.signal);
  }
  stopListening();
}

/** Resolves when the connection is lost (then with the reason), the service ends the subscription, or on abort. */
async function followOnce(
  service: ControlConnection,
  position: LogPosition,
  onChunk: (chunk: LogChunk) => Promise<void>,
  signal: AbortSignal,
): Promise<Result<null>> {
  // One after the other, so that a slow reader gets the lines in order.
  let printing = Promise.resolve();
  let unsubscribe: () => void = () => undefined;
  const ended = new Promise<null>((resolve, reject) => {
    const subscription = service.api.processes.followLog.subscribe(position, {
      onData: (chunk) => {
        printing = printing.then(() => onChunk(chunk));
      },
      onError: reject,
      onComplete: () => resolve(null),
    });
    unsubscribe = () => subscription.unsubscribe();
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const outcome = await service.ask(ended, null);
  unsubscribe();
  await printing;
  return outcome.ok ? succeed(null) : outcome;
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
