import type { RequestFilter } from '../contract/request-row.ts';
import { stateNumber } from './row-columns.ts';

type Bound = string | number;

export interface FilterSql {
  /** Conditions on `requests` under the name r, to be joined by AND; empty when there are none. */
  readonly conditions: readonly string[];
  readonly values: readonly Bound[];
  /** How the rows are best found: `INDEXED BY …`, or `NOT INDEXED` for a walk along n. */
  readonly access: string;
}

/** Everything of a filter but the search text. Which index is used is decided here, as SQLite has no statistics to go by. */
export function filterSql(filter: RequestFilter): FilterSql {
  const conditions: string[] = [];
  const values: Bound[] = [];
  const add = (condition: string, value: Bound | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  add('r.time_ms >= ?', filter.sinceMs);
  add('r.time_ms < ?', filter.untilMs);
  add('r.model = ?', filter.model);
  add('r.feature = ?', filter.feature);
  add('r.served_by = ?', filter.server);
  add('r.key_name = ?', filter.key);
  if (filter.state !== undefined) conditions.push(`r.state = ${stateNumber(filter.state)}`);
  if (filter.httpStatus !== undefined) conditions.push(`r.http_status = ${Math.trunc(filter.httpStatus)}`);
  if (filter.statusClass !== undefined) conditions.push(`r.http_status / 100 = ${Math.trunc(filter.statusClass)}`);
  add('r.finish_reason = ?', filter.finishReason);
  add('r.error_code = ?', filter.errorCode);
  add('r.request_id = ?', filter.requestId);
  add('r.duration_ms >= ?', filter.durationMinMs);
  add('r.duration_ms <= ?', filter.durationMaxMs);
  add('r.ttft_ms >= ?', filter.ttftMinMs);
  add('r.ttft_ms <= ?', filter.ttftMaxMs);
  const tokens = 'coalesce(r.prompt_tokens + r.completion_tokens, r.prompt_tokens, r.completion_tokens)';
  add(`${tokens} >= ?`, filter.tokensMin);
  add(`${tokens} <= ?`, filter.tokensMax);
  // SQLite uses a partial index only for a query that repeats its condition.
  if (isFailed(filter)) conditions.push('r.state >= 2');
  if (isUnusualStatus(filter)) conditions.push('r.http_status >= 300');
  return { conditions, values, access: access(filter) };
}

/** The index that leaves the fewest rows: failures are rarer than features and keys, those rarer than models. */
function access(filter: RequestFilter): string {
  if (filter.state === 'running') return 'INDEXED BY requests_running';
  if (isUnusualStatus(filter)) return 'INDEXED BY requests_by_status';
  if (isFailed(filter)) return 'INDEXED BY requests_failed';
  if (filter.feature !== undefined) return 'INDEXED BY requests_by_feature';
  if (filter.key !== undefined) return 'INDEXED BY requests_by_key';
  if (filter.server !== undefined) return 'INDEXED BY requests_by_server';
  if (filter.model !== undefined) return 'INDEXED BY requests_by_model';
  return 'NOT INDEXED';
}

function isFailed(filter: RequestFilter): boolean {
  return filter.state !== undefined && stateNumber(filter.state) >= 2;
}

function isUnusualStatus(filter: RequestFilter): boolean {
  return filter.httpStatus !== undefined && filter.httpStatus >= 300;
}
