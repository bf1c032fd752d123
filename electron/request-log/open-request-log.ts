import type { Result } from '../contract/outpost-error.ts';
import type { RequestLog, RequestLogOptions } from './request-log.ts';
import { ThreadedRequestLog } from './threaded-request-log.ts';

/**
 * Opens the log for writing, creating it when there is none. Fails with REQUEST_LOG_IN_USE when another writer holds it
 * and with REQUEST_LOG_UNUSABLE when the folder cannot be used.
 */
export async function openRequestLog(options: RequestLogOptions): Promise<Result<RequestLog>> {
  const log = new ThreadedRequestLog(options);
  const started = await log.start();
  return started.ok ? { ok: true, value: log } : started;
}
