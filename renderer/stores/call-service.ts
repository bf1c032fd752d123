import { TRPCClientError } from '@trpc/client';
import { fail, succeed } from '../../electron/contract/outpost-error.ts';
import type { Result } from '../../electron/contract/outpost-error.ts';
import type { ControlApi } from '../app/control-client.ts';
import { useConnection } from './connection.ts';

const READ_TIMEOUT_MS = 15_000;
/** Starts wait for readiness and stops for a drain; the service has its own deadlines below this. */
const CHANGE_TIMEOUT_MS = 1_900_000;

/** Reads something that cannot be refused; what goes wrong on the way comes back as an error. */
export async function readFromService<T>(
  what: string,
  read: (api: ControlApi, options: { readonly signal: AbortSignal }) => Promise<T>,
): Promise<Result<T>> {
  return attempt(what, async (api, options) => succeed(await read(api, options)), READ_TIMEOUT_MS);
}

/** Reads something that the service may refuse with an error of its own. */
export async function askService<T>(
  what: string,
  ask: (api: ControlApi, options: { readonly signal: AbortSignal }) => Promise<Result<T>>,
): Promise<Result<T>> {
  return attempt(what, ask, READ_TIMEOUT_MS);
}

/** Asks for a change; may take as long as a model takes to load. */
export async function changeService<T>(
  what: string,
  change: (api: ControlApi, options: { readonly signal: AbortSignal }) => Promise<Result<T>>,
): Promise<Result<T>> {
  return attempt(what, change, CHANGE_TIMEOUT_MS);
}

/** @param what Fills the sentence "Outpost could not …". */
async function attempt<T>(
  what: string,
  call: (api: ControlApi, options: { readonly signal: AbortSignal }) => Promise<Result<T>>,
  timeoutMs: number,
): Promise<Result<T>> {
  const { client, phase } = useConnection.getState();
  // The socket would queue the call until the service is back, and the operator would not know.
  if (!client || phase === 'lost' || phase === 'signed-out') {
    return fail('SERVICE_NOT_RUNNING', `Outpost could not ${what}: the service is not answering.`, RETRY_ACTION);
  }
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await call(client.api, { signal });
  } catch (error) {
    if (signal.aborted) {
      return fail('TIMED_OUT', `Outpost could not ${what}: no answer within ${timeoutMs / 1000} s.`, RETRY_ACTION);
    }
    if (error instanceof TRPCClientError && error.data) {
      const code = (error.data as { readonly code?: string }).code;
      if (code === 'BAD_REQUEST') {
        return fail(
          'BAD_REQUEST',
          `Outpost could not ${what}: the service refused the input.`,
          undefined,
          error.message,
        );
      }
      return fail('INTERNAL', `Outpost could not ${what}: the service met an error.`, LOG_ACTION, error.message);
    }
    const detail = error instanceof Error ? error.message : String(error);
    return fail('SERVICE_UNREACHABLE', `Outpost could not ${what}: the connection broke.`, RETRY_ACTION, detail);
  }
}

const RETRY_ACTION = 'Try again when the service answers.';
const LOG_ACTION = 'Try again. If it happens again, look at the log of the service.';
