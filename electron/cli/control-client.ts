import { createTRPCClient, createWSClient, TRPCClientError, wsLink } from '@trpc/client';
import type { TRPCClient } from '@trpc/client';
import type { OutpostError, Result } from '../contract/outpost-error.ts';
import { outpostError } from '../contract/outpost-error.ts';
import { TRPC_PATH } from '../contract/trpc-path.ts';
import type { ControlRouter } from '../service/api/router.ts';
import { explainInvalidInput } from './explain-invalid-input.ts';
import type { FoundService } from './find-service.ts';
import { findService } from './find-service.ts';

export type ControlApi = TRPCClient<ControlRouter>;

export interface ControlConnection {
  readonly api: ControlApi;
  /** Resolves with the reason when the connection ends before it is closed here. */
  readonly lost: Promise<OutpostError>;
  /**
   * Awaits one answer. `deadlineMs` null waits for as long as the connection lives, for operations that take minutes;
   * a service that hangs is noticed all the same, since it leaves pings unanswered.
   */
  ask<T>(answer: Promise<T>, deadlineMs?: number | null): Promise<Result<T>>;
  /** The same for operations that answer with a result of their own. */
  operate<T>(answer: Promise<Result<T>>, deadlineMs?: number | null): Promise<Result<T>>;
  close(): void;
}

const CONNECT_DEADLINE_MS = 5000;
const ANSWER_DEADLINE_MS = 30_000;

/** Connects to the service of a data directory, lets `use` work with it and closes the connection. */
export async function withService<T>(
  dataRoot: string,
  use: (service: ControlConnection) => Promise<Result<T>>,
): Promise<Result<T>> {
  const found = findService(dataRoot);
  if (!found.ok) return found;
  const connected = await connectControl(found.value);
  if (!connected.ok) return connected;
  try {
    return await use(connected.value);
  } finally {
    connected.value.close();
  }
}

/** Connects once; a connection that is lost stays lost. */
export async function connectControl(
  service: FoundService,
  deadlineMs = CONNECT_DEADLINE_MS,
): Promise<Result<ControlConnection>> {
  const { promise: opened, resolve: onOpen } = Promise.withResolvers<null>();
  const { promise: lost, resolve: onLost } = Promise.withResolvers<OutpostError>();
  let refusal: string | null = null;

  /** A refused token is answered with an error that belongs to no request, which the client itself passes over. */
  class WatchedSocket extends WebSocket {
    constructor(url: string | URL) {
      super(url);
      this.addEventListener('message', ({ data }) => {
        refusal ??= connectionRefusal(String(data));
      });
    }
  }
  const socket = createWSClient({
    url: `${service.control.replace(/^http/, 'ws')}${TRPC_PATH}`,
    WebSocket: WatchedSocket,
    connectionParams: () => ({ token: service.token }),
    keepAlive: { enabled: true, intervalMs: 5000, pongTimeoutMs: 10_000 },
    // Never reached: the first loss ends everything here.
    retryDelayMs: () => 60_000,
    onOpen: () => onOpen(null),
    onClose: () => onLost(refusal === null ? connectionEnded(service) : unauthorized(service, refusal)),
    onError: () => onLost(unreachable(service)),
  });
  const close = () => void socket.close();
  const failure = await withDeadline(Promise.race([opened, lost]), deadlineMs, unreachable(service));
  if (failure) {
    close();
    return { ok: false, error: failure };
  }

  async function ask<T>(answer: Promise<T>, askDeadlineMs: number | null = ANSWER_DEADLINE_MS): Promise<Result<T>> {
    const settled: Promise<Result<T>> = answer.then(
      (value) => ({ ok: true, value }),
      async (error: unknown) => ({ ok: false, error: await explainRejection(error, lost, service) }),
    );
    const ended: Promise<Result<T>> = lost.then((error) => ({ ok: false, error }));
    const first = Promise.race([settled, ended]);
    if (askDeadlineMs === null) return first;
    return withDeadline<Result<T>>(first, askDeadlineMs, { ok: false, error: unanswered(service, askDeadlineMs) });
  }

  return {
    ok: true,
    value: {
      api: createTRPCClient<ControlRouter>({ links: [wsLink({ client: socket })] }),
      lost,
      ask,
      async operate(answer, operateDeadlineMs) {
        const outer = await ask(answer, operateDeadlineMs);
        return outer.ok ? outer.value : outer;
      },
      close,
    },
  };
}

async function withDeadline<T>(work: Promise<T>, deadlineMs: number, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(late), deadlineMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Text of an error message for the connection as a whole, or null when it is another message. */
function connectionRefusal(data: string): string | null {
  if (!data.startsWith('{')) return null;
  const message = JSON.parse(data) as { id?: unknown; error?: { message?: unknown } };
  return message.id === null && message.error !== undefined ? String(message.error.message) : null;
}

async function explainRejection(
  error: unknown,
  lost: Promise<OutpostError>,
  service: FoundService,
): Promise<OutpostError> {
  if (!(error instanceof TRPCClientError)) throw error;
  const data = error.data as { code?: string } | undefined;
  // Without data it is no answer: the socket closed, and the reason is about to be known.
  if (data?.code === undefined) return lost;
  // A request that travels with the token is answered with the refusal itself, before the socket closes.
  if (data.code === 'UNAUTHORIZED') return unauthorized(service, error.message);
  if (data.code === 'BAD_REQUEST') {
    return outpostError(
      'USAGE',
      explainInvalidInput(error.message),
      'Run the command with --help to see how it is used.',
    );
  }
  if (data.code === 'NOT_FOUND') {
    return outpostError(
      'NOT_FOUND',
      'The service that runs does not know this operation: it is of another version than this command.',
      'Restart the service with "outpost serve".',
    );
  }
  return outpostError(
    'INTERNAL',
    `The operation failed inside the service: ${error.message.replace(/\.$/, '')}.`,
    'Its log, on the stderr of "outpost serve" or in logs/service, has the details.',
  );
}

function unreachable(service: FoundService): OutpostError {
  return outpostError(
    'SERVICE_UNREACHABLE',
    `The service (process ${service.pid}) does not answer on ${service.control}.`,
    'Wait a moment and try again. If it goes on, end it with "outpost down" or stop the process, then start it again.',
  );
}

function connectionEnded(service: FoundService): OutpostError {
  return outpostError(
    'SERVICE_UNREACHABLE',
    `The connection to the service on ${service.control} ended before it answered.`,
    'Look with "outpost status" what became of the operation, then try again.',
  );
}

function unanswered(service: FoundService, deadlineMs: number): OutpostError {
  return outpostError(
    'TIMED_OUT',
    `The service (process ${service.pid}) did not answer within ${deadlineMs / 1000} s.`,
    'Look with "outpost status" what became of the operation, then try again.',
  );
}

function unauthorized(service: FoundService, reason: string): OutpostError {
  return outpostError(
    'CONTROL_UNAUTHORIZED',
    `The service on ${service.control} refused the connection: ${reason}`,
    `Check that ${service.dataRoot} is the data directory of the service that runs.`,
  );
}
