import { requestStates } from '../contract/request-states.ts';
import type { RequestSummary } from '../contract/request-row.ts';
import { rowId } from './row-id.ts';
import type { PartitionDay } from './row-id.ts';

/** A row of the table `requests` as SQLite returns it. */
export interface RequestRow {
  readonly n: number;
  readonly state: number;
  readonly time_ms: number;
  readonly request_id: string;
  readonly method: string;
  readonly route: string;
  readonly client_address: string | null;
  readonly key_name: string | null;
  readonly feature: string | null;
  readonly model_asked: string | null;
  readonly stream: number;
  readonly model: string | null;
  readonly http_status: number | null;
  readonly served_by: string | null;
  readonly prompt_tokens: number | null;
  readonly completion_tokens: number | null;
  readonly cached_tokens: number | null;
  readonly ttft_ms: number | null;
  readonly duration_ms: number | null;
  readonly queue_ms: number | null;
  readonly finish_reason: string | null;
  readonly retries: number;
  readonly error: string | null;
  readonly error_code: string | null;
  readonly count: number;
  readonly body_note: number;
  readonly body_file: number | null;
  readonly body_offset: number | null;
  readonly body_bytes: number | null;
  readonly body_inner: number | null;
}

export function toSummary(row: RequestRow, day: PartitionDay): RequestSummary {
  return {
    id: rowId(day, row.n),
    time: new Date(row.time_ms).toISOString(),
    state: requestStates[row.state] ?? 'error',
    http_status: row.http_status,
    model: row.model,
    model_asked: row.model_asked,
    served_by: row.served_by,
    feature: row.feature,
    key: row.key_name,
    route: row.route,
    method: row.method,
    stream: row.stream === 1,
    prompt_tokens: row.prompt_tokens,
    completion_tokens: row.completion_tokens,
    cached_tokens: row.cached_tokens,
    ttft_ms: row.ttft_ms,
    duration_ms: row.duration_ms,
    queue_ms: row.queue_ms,
    finish_reason: row.finish_reason,
    retries: row.retries,
    error: row.error,
    error_code: row.error_code,
    request_id: row.request_id,
    client_address: row.client_address,
    count: row.count,
  };
}
