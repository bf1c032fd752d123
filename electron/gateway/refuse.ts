import type { OutpostError } from '../contract/outpost-error.ts';
import { errorCodes } from '../contract/outpost-error.ts';
import type { Outcome } from './build-row.ts';
import { errorBody, retryAfterSeconds } from './error-body.ts';
import type { Exchange } from './exchange.ts';
import { allowedMethods } from './parse-target.ts';
import { drainUpload } from './drain-upload.ts';

/** What is known besides the error when a request ends with one. */
export type Attempted = Pick<Outcome, 'modelServed' | 'servedBy' | 'queueMs' | 'retries'>;

/** Refuses a request by a decision of the gateway; no model server has seen it. Floods of these are counted. */
export function refuse(exchange: Exchange, error: OutpostError): void {
  if (exchange.isClosed) return;
  const { context } = exchange;
  const httpStatus = errorCodes[error.code];
  const row = exchange.openedRow();
  const kind = { code: error.code, clientAddress: row.clientAddress, route: row.route };
  const outcome: Outcome = { state: 'rejected', httpStatus, error: error.message, errorCode: error.code };
  if (context.floods.admit(kind, { row, error, httpStatus }, context.clock.nowMs())) {
    void answerError(exchange, error, outcome, null);
    return;
  }
  exchange.endUnrecorded(outcome);
  sendError(exchange, error, null);
}

/** Answers with an error after model servers were asked in vain. */
export function failRequest(exchange: Exchange, error: OutpostError, attempted: Attempted): void {
  if (exchange.isClosed) return;
  const outcome: Outcome = {
    ...attempted,
    state: 'error',
    httpStatus: errorCodes[error.code],
    error: error.message,
    errorCode: error.code,
  };
  void answerError(exchange, error, outcome, attempted.servedBy ?? null);
}

/** Refuses a request that cannot be recorded: it is counted, and a summary row follows when the log works again. */
export function refuseUnrecorded(exchange: Exchange, error: OutpostError): void {
  exchange.context.unrecorded.count(exchange.context.clock.nowMs());
  exchange.endUnrecorded({ state: 'rejected', httpStatus: errorCodes[error.code], errorCode: error.code });
  sendError(exchange, error, null);
}

async function answerError(
  exchange: Exchange,
  error: OutpostError,
  outcome: Outcome,
  server: string | null,
): Promise<void> {
  const body = Buffer.from(errorBody(error));
  const failure = await exchange.close(outcome, { headers: errorHeaders(exchange, error, body, server), body });
  sendError(exchange, failure ?? error, server);
}

/** Sends an error without recording it. */
export function sendError(exchange: Exchange, error: OutpostError, server: string | null): void {
  const { req, res } = exchange;
  if (res.destroyed || res.headersSent) return;
  const body = Buffer.from(errorBody(error));
  const headers = errorHeaders(exchange, error, body, server);
  if (!req.complete) headers.push('connection', 'close');
  res.writeHead(errorCodes[error.code], headers);
  res.end(body);
  if (!req.complete) drainUpload(req, exchange.context.clock);
}

function errorHeaders(exchange: Exchange, error: OutpostError, body: Buffer, server: string | null): string[] {
  const headers = [
    'content-type',
    'application/json; charset=utf-8',
    'content-length',
    String(body.length),
    'x-request-id',
    exchange.requestId,
    'x-outpost-server',
    server ?? 'gateway',
  ];
  const retryAfter = retryAfterSeconds(error);
  if (retryAfter !== null) headers.push('retry-after', String(retryAfter));
  if (error.code === 'METHOD_NOT_ALLOWED') headers.push('allow', allowedMethods(exchange.req.url ?? ''));
  if (errorCodes[error.code] === 401) headers.push('www-authenticate', 'Bearer realm="Outpost"');
  return headers;
}
