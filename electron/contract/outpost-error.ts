/** Every error code an operator or a script can meet, with the HTTP status it is answered with. */
export const errorCodes = {
  ALREADY_EXISTS: 409,
  BAD_REQUEST: 400,
  CONTROL_UNAUTHORIZED: 401,
  DATA_DIRECTORY_IN_USE: 409,
  DATA_DIRECTORY_UNUSABLE: 500,
  DISK_WRITE_FAILED: 500,
  EXPORT_TOO_LARGE: 413,
  FEATURE_DISABLED: 403,
  FEATURE_NOT_ALLOWED: 403,
  FEATURE_UNASSIGNED: 404,
  FEATURE_UNKNOWN: 404,
  GATEWAY_ENDED: 500,
  GATEWAY_NOT_RUNNING: 503,
  GATEWAY_RECORD_FAILED: 503,
  GATEWAY_STOPPING: 503,
  ILLEGAL_TRANSITION: 409,
  INTERNAL: 500,
  INVALID_JSON: 400,
  KEY_EXPIRED: 401,
  KEY_INVALID: 401,
  KEY_MISSING: 401,
  LIMIT_CONCURRENCY: 429,
  LIMIT_REQUESTS_PER_MINUTE: 429,
  LIMIT_TOKENS_PER_DAY: 429,
  LIMIT_TOKENS_PER_MINUTE: 429,
  METHOD_NOT_ALLOWED: 405,
  MODEL_MISSING: 400,
  MODEL_NOT_ALLOWED: 403,
  MODEL_UNKNOWN: 404,
  NOT_FOUND: 404,
  PORT_IN_USE: 409,
  PROCESS_FAILED: 500,
  PROCESS_START_FAILED: 500,
  PROCESS_STOP_INCOMPLETE: 500,
  PROCESS_UNKNOWN: 404,
  REQUEST_LOG_IN_USE: 409,
  REQUEST_LOG_UNUSABLE: 500,
  REQUEST_TOO_LARGE: 413,
  REQUEST_UNKNOWN: 404,
  ROUTE_NOT_ALLOWED: 403,
  ROUTE_UNKNOWN: 404,
  RUNNER_UNREACHABLE: 503,
  SAVED_NOT_IN_FORCE: 503,
  SECRET_MISSING: 409,
  SERVER_NOT_RUNNING: 503,
  SERVICE_NOT_RUNNING: 503,
  SERVICE_UNREACHABLE: 503,
  SITE_CHANGED_MEANWHILE: 409,
  SITE_INVALID: 422,
  TIMED_OUT: 504,
  UNSUPPORTED_ENCODING: 415,
  UPSTREAM_BROKE: 502,
  UPSTREAM_ERROR: 502,
  UPSTREAM_REFUSED: 502,
  UPSTREAM_TIMED_OUT: 504,
  UPSTREAM_UNAUTHORIZED: 502,
  USAGE: 400,
  WEBSOCKET_UNSUPPORTED: 501,
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** An error as it crosses a boundary: plain and serializable. */
export interface OutpostError {
  readonly code: ErrorCode;
  /** What failed and what is known, in a sentence an operator understands. */
  readonly message: string;
  /** What to do next, or absent when nothing can be advised. */
  readonly action?: string;
  /** Further evidence: a log tail, a command line with its secrets removed. */
  readonly detail?: string;
  /** Whole seconds after which the same can succeed, where that is known. */
  readonly retryAfterSeconds?: number;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: OutpostError };

export function succeed<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(code: ErrorCode, message: string, action?: string, detail?: string): Result<never> {
  return { ok: false, error: outpostError(code, message, action, detail) };
}

export function outpostError(code: ErrorCode, message: string, action?: string, detail?: string): OutpostError {
  return {
    code,
    message,
    ...(action === undefined ? {} : { action }),
    ...(detail === undefined ? {} : { detail }),
  };
}
