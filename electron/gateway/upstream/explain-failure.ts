import type { OutpostError } from '../../contract/outpost-error.ts';
import { outpostError } from '../../contract/outpost-error.ts';
import type { RouteServer } from '../../contract/route-table.ts';

/** How asking a model server failed. */
export interface UpstreamFailure {
  readonly kind: 'unreachable' | 'broke' | 'no-answer-in-time' | 'silent';
  /** The system's or parser's word, such as ECONNREFUSED. */
  readonly cause: string;
  /** Whether the connection may have been an idle one that the server had just closed. */
  readonly maybeStale: boolean;
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ENOENT',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Reads an error of the HTTP client. `sawHeaders`: whether the response had begun. */
export function classifyFailure(error: Error, sawHeaders: boolean): UpstreamFailure {
  const { code, socket } = error as Error & { code?: unknown; socket?: { bytesRead?: number } | null };
  const cause = typeof code === 'string' ? code : error.message;
  if (cause === 'UND_ERR_HEADERS_TIMEOUT') return { kind: 'no-answer-in-time', cause, maybeStale: false };
  if (cause === 'UND_ERR_BODY_TIMEOUT') return { kind: 'silent', cause, maybeStale: false };
  if (!sawHeaders && (UNREACHABLE.has(cause) || cause.startsWith('ERR_TLS') || /CERT/.test(cause))) {
    return { kind: 'unreachable', cause, maybeStale: false };
  }
  // A socket that has never brought an answer was not idle before this request.
  const isFresh = typeof socket?.bytesRead === 'number' && socket.bytesRead === 0;
  const isClosed = cause === 'UND_ERR_SOCKET' || cause === 'ECONNRESET' || cause === 'EPIPE';
  return { kind: 'broke', cause, maybeStale: isClosed && !sawHeaders && !isFresh };
}

/** The failure in words for the client; `seen` says how far the answer had come, or is null before its first byte. */
export function explainFailure(server: RouteServer, failure: UpstreamFailure, seen: string | null): OutpostError {
  const name = `The model server "${server.name}"`;
  const look = `See "outpost logs ${server.name}" for what happened there.`;
  switch (failure.kind) {
    case 'unreachable':
      if (server.actual === 'ready' || server.actual === 'degraded') {
        return outpostError('UPSTREAM_REFUSED', `${name} did not accept a connection (${failure.cause}).`, look);
      }
      return explainNotRunning(server, failure.cause);
    case 'no-answer-in-time':
      return outpostError(
        'UPSTREAM_TIMED_OUT',
        `${name} accepted the request but did not begin to answer in time, so Outpost gave up.`,
        `It may be overloaded or hang. ${look}`,
      );
    case 'silent':
      return outpostError(
        'UPSTREAM_TIMED_OUT',
        `${name} fell silent ${seen ?? 'before the first byte of its answer'}, so Outpost gave up waiting.`,
        look,
      );
    case 'broke':
      return outpostError(
        'UPSTREAM_BROKE',
        `${name} broke the connection ${seen ?? 'before the first byte of its answer'} (${failure.cause}).`,
        look,
      );
  }
}

/** Why a server that is not ready does not answer. */
export function explainNotRunning(server: RouteServer, cause: string | null): OutpostError {
  const state = server.wanted === 'stopped' ? 'stopped' : server.actual;
  const because = server.reason === null ? '' : `: ${server.reason}`;
  const refused = cause === null ? '' : ` It did not accept a connection (${cause}).`;
  const message = `The model server "${server.name}" is not running (state: ${state}${because}).${refused}`;
  return outpostError('SERVER_NOT_RUNNING', message, nextStep(server));
}

function nextStep(server: RouteServer): string {
  if (server.wanted !== 'stopped' && server.actual === 'starting') return 'It is starting; try again in a moment.';
  if (server.wanted !== 'stopped' && server.actual === 'backing-off') {
    return `Outpost will start it again; "outpost logs ${server.name}" shows why it ended.`;
  }
  return `The operator starts it with "outpost start ${server.name}".`;
}
