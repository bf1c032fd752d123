import { requestStates } from '../contract/request-states.ts';
import type { ClosedRequest, OpenedRequest } from '../contract/request-row.ts';
import type { RequestState } from '../contract/request-states.ts';
import { numberOfRow } from './row-id.ts';

export type SqlValue = number | string | null;

/** Columns of `requests` in the order in which values cross threads and are bound. */
export const requestColumns = [
  'n',
  'state',
  'time_ms',
  'request_id',
  'method',
  'route',
  'client_address',
  'key_name',
  'feature',
  'model_asked',
  'stream',
  'model',
  'http_status',
  'served_by',
  'prompt_tokens',
  'completion_tokens',
  'cached_tokens',
  'ttft_ms',
  'duration_ms',
  'queue_ms',
  'finish_reason',
  'retries',
  'error',
  'error_code',
  'count',
  'body_note',
  'body_file',
  'body_offset',
  'body_bytes',
] as const;
export type RequestColumn = (typeof requestColumns)[number];

export function columnIndex(column: RequestColumn): number {
  return requestColumns.indexOf(column);
}

/** Why a row has no bodies; the numbers are on disk. */
export const bodyNotes = { none: 0, loggingOff: 1, binaryUnderRedaction: 2, crashed: 3 } as const;

export function stateNumber(state: RequestState): number {
  return requestStates.indexOf(state);
}

/** Values of a row that is still running. */
export function openedValues(row: OpenedRequest): SqlValue[] {
  return [
    numberOfRow(row.id),
    0,
    row.timeMs,
    row.requestId,
    row.method,
    row.route,
    row.clientAddress,
    row.key,
    row.feature,
    row.modelAsked,
    row.stream ? 1 : 0,
    row.modelAsked,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    0,
    null,
    null,
    1,
    bodyNotes.none,
    null,
    null,
    null,
  ];
}

/** Values of a row that has ended. Where its bodies are is known only when they are written. */
export function closedValues(opened: OpenedRequest, closed: ClosedRequest, bodyNote: number): SqlValue[] {
  return [
    numberOfRow(opened.id),
    stateNumber(closed.state),
    opened.timeMs,
    opened.requestId,
    opened.method,
    opened.route,
    opened.clientAddress,
    opened.key,
    opened.feature,
    opened.modelAsked,
    opened.stream ? 1 : 0,
    closed.modelServed ?? opened.modelAsked,
    closed.httpStatus,
    closed.servedBy,
    closed.promptTokens,
    closed.completionTokens,
    closed.cachedTokens,
    closed.ttftMs,
    closed.durationMs,
    closed.queueMs,
    closed.finishReason,
    closed.retries,
    closed.error,
    closed.errorCode,
    closed.count,
    bodyNote,
    null,
    null,
    null,
  ];
}
