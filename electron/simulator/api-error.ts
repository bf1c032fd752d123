/** An error as vLLM sends it; `code` in the body equals the HTTP status. */
export interface ApiError {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  readonly param: string | null;
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ApiError };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function refused(error: ApiError): { readonly ok: false; readonly error: ApiError } {
  return { ok: false, error };
}

export function errorBody(error: ApiError): object {
  return { error: { message: error.message, type: error.type, param: error.param, code: error.status } };
}

/** A value that vLLM itself refuses. */
export function badRequest(message: string, param: string | null = null): ApiError {
  return { status: 400, type: 'BadRequestError', message, param };
}

/** A body that does not have the shape of the route; `kind` and `message` are those of the validation library. */
export function invalidBody(kind: string, path: readonly (string | number)[], message: string): ApiError {
  const location = ['body', ...path].map((part) => (typeof part === 'number' ? String(part) : `'${part}'`)).join(', ');
  return {
    status: 400,
    type: 'Bad Request',
    message: `1 validation error:\n  {'type': '${kind}', 'loc': (${location}), 'msg': '${message}'}`,
    param: ['body', ...path].join('.'),
  };
}

export function unsupportedMediaType(): ApiError {
  return {
    status: 400,
    type: 'Bad Request',
    message: "1 validation error:\n  Unsupported Media Type: Only 'application/json' is allowed",
    param: null,
  };
}

export function unknownModel(model: string): ApiError {
  return { status: 404, type: 'NotFoundError', message: `The model \`${model}\` does not exist.`, param: 'model' };
}

export function unknownPath(): ApiError {
  return { status: 404, type: 'Not Found', message: 'Not Found', param: null };
}

export function wrongMethod(): ApiError {
  return { status: 405, type: 'Method Not Allowed', message: 'Method Not Allowed', param: null };
}

export function internalError(message: string): ApiError {
  return { status: 500, type: 'InternalServerError', message, param: null };
}

export function engineDead(): ApiError {
  return internalError('EngineCore encountered an issue. See stack trace (above) for the root cause.');
}
