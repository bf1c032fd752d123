/** Headers that concern one connection only (RFC 9110 section 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Request headers that the gateway sets itself or that are the client's secret towards the gateway. */
const REPLACED = new Set([
  'host',
  'content-length',
  'accept-encoding',
  'expect',
  'authorization',
  'x-api-key',
  'api-key',
  'cookie',
  'x-request-id',
]);

const SECRET = /authorization|cookie|api-?key|token|secret|password/;

interface HeaderKind {
  readonly lower: string;
  readonly isHopByHop: boolean;
  /** Set by the gateway on the upstream request. */
  readonly isReplaced: boolean;
  readonly isSecret: boolean;
}

/** Clients send the same few names all day; what others invent is looked at each time. */
const MAX_KNOWN_KINDS = 500;
const knownKinds = new Map<string, HeaderKind>();

function kindOf(name: string): HeaderKind {
  const known = knownKinds.get(name);
  if (known) return known;
  const lower = name.toLowerCase();
  const kind = {
    lower,
    isHopByHop: HOP_BY_HOP.has(lower),
    isReplaced: REPLACED.has(lower),
    isSecret: SECRET.test(lower),
  };
  if (knownKinds.size < MAX_KNOWN_KINDS) knownKinds.set(name, kind);
  return kind;
}

/** Flat list of names and values for the upstream request. `raw` is the client's, in node's flat form. */
export function upstreamHeaders(raw: readonly string[], requestId: string, upstreamKey: string | null): string[] {
  const named = connectionNames(raw);
  const headers: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] as string;
    const { isHopByHop, isReplaced, lower } = kindOf(name);
    if (isHopByHop || isReplaced || named?.has(lower)) continue;
    headers.push(name, raw[index + 1] as string);
  }
  headers.push('accept-encoding', 'identity', 'X-Request-Id', requestId);
  if (upstreamKey !== null) headers.push('Authorization', `Bearer ${upstreamKey}`);
  return headers;
}

/** Flat list for the client: what the model server said, with the gateway's own two headers. */
export function clientHeaders(raw: readonly string[], requestId: string, server: string): string[] {
  const named = connectionNames(raw);
  const headers: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] as string;
    const { isHopByHop, lower } = kindOf(name);
    if (isHopByHop || named?.has(lower) || lower === 'x-request-id' || lower === 'x-outpost-server') continue;
    headers.push(name, raw[index + 1] as string);
  }
  headers.push('x-request-id', requestId, 'x-outpost-server', server);
  return headers;
}

/** Headers for the record: lower-case names, repeated ones joined, secrets replaced. */
export function recordedHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const { lower, isSecret } = kindOf(raw[index] as string);
    const value = isSecret ? '[removed]' : (raw[index + 1] as string);
    const before = headers[lower];
    headers[lower] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

/** The value of the first header of that lower-case name, or null. */
export function headerOf(raw: readonly string[], wanted: string): string | null {
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] as string;
    if (name.length === wanted.length && kindOf(name).lower === wanted) return raw[index + 1] as string;
  }
  return null;
}

/** Names listed in `Connection`, which concern this connection as well. */
function connectionNames(raw: readonly string[]): ReadonlySet<string> | null {
  const value = headerOf(raw, 'connection');
  if (value === null || /^\s*(keep-alive|close)\s*$/i.test(value)) return null;
  return new Set(
    value
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );
}
