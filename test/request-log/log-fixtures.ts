import { onTestFinished } from 'vitest';
import type { Result } from '../../electron/contract/outpost-error.ts';
import type { ClosedRequest, OpenedRequest, RequestBodies } from '../../electron/contract/request-row.ts';
import { gatewayLogSchema } from '../../electron/contract/site-schema.ts';
import type { GatewayLogConfig } from '../../electron/contract/site-schema.ts';
import { openRequestLogReader } from '../../electron/request-log/open-request-log-reader.ts';
import { openRequestLog } from '../../electron/request-log/open-request-log.ts';
import type { RequestLog, RequestLogReader } from '../../electron/request-log/request-log.ts';

export const NOON = Date.UTC(2026, 0, 15, 12);
export const DAY_MS = 86_400_000;

export function settings(given: Partial<GatewayLogConfig> = {}): GatewayLogConfig {
  // The made-up days of the tests must not be old enough to be removed.
  return { ...gatewayLogSchema.parse({ retain: { days: 36_000, bodies_days: 36_000, gib: 50 } }), ...given };
}

export function opened(given: Partial<OpenedRequest> = {}): Omit<OpenedRequest, 'id'> {
  return {
    timeMs: NOON,
    requestId: 'req-1',
    method: 'POST',
    route: '/v1/chat/completions',
    clientAddress: '127.0.0.1',
    key: 'team',
    feature: 'duo_chat',
    modelAsked: 'small',
    stream: false,
    ...given,
  };
}

export function closed(id: number, given: Partial<ClosedRequest> = {}): ClosedRequest {
  return {
    id,
    state: 'ok',
    httpStatus: 200,
    modelServed: 'small',
    servedBy: 'server-1',
    promptTokens: 11,
    completionTokens: 7,
    cachedTokens: null,
    ttftMs: 12.5,
    durationMs: 80.25,
    queueMs: 0.5,
    finishReason: 'stop',
    retries: 0,
    error: null,
    errorCode: null,
    count: 1,
    ...given,
  };
}

export function bodies(given: Partial<RequestBodies> = {}): RequestBodies {
  return {
    requestBody: null,
    responseBody: null,
    requestHeaders: {},
    responseHeaders: {},
    chunkTimesMs: null,
    promptText: null,
    answerText: null,
    ...given,
  };
}

/** Opens a log that is shut down when the test ends, unless it has been before. */
export async function openLog(directory: string, given: Partial<GatewayLogConfig> = {}): Promise<RequestLog> {
  const log = valueOf(await openRequestLog({ directory, settings: settings(given) }));
  onTestFinished(() => log.shutdown());
  return log;
}

export async function openReader(directory: string): Promise<RequestLogReader> {
  const reader = valueOf(await openRequestLogReader(directory));
  onTestFinished(() => reader.close());
  return reader;
}

/** Writes one finished request and returns its id. */
export async function write(
  log: RequestLog,
  given: { opened?: Partial<OpenedRequest>; closed?: Partial<ClosedRequest>; bodies?: Partial<RequestBodies> } = {},
): Promise<number> {
  const id = log.open(opened(given.opened));
  valueOf(await log.close(closed(id, given.closed), bodies(given.bodies)));
  return id;
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}
