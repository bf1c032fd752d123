import type { RequestDetail } from '../../../electron/contract/request-row.ts';

/** Headers worth sending again; the rest comes from the client, the connection or Outpost. */
const keptHeaders = new Set(['content-type', 'accept', 'anthropic-version', 'anthropic-beta', 'openai-beta']);

/**
 * A shell command that sends the same request to the gateway, with the key taken from $OUTPOST_API_KEY; null when the
 * body is not text or no longer there, since the command would then send something else.
 */
export function buildCurl(request: RequestDetail, gatewayUrl: string): string | null {
  const { method, route, headers, request_body: body } = request;
  const sendsBody = method !== 'GET' && method !== 'HEAD';
  if (sendsBody && typeof body !== 'string') return null;
  const kept = Object.entries(headers.request).filter(([name]) => keptHeaders.has(name));
  const parts = [
    `curl ${request.stream ? '-N ' : ''}${quoteForShell(gatewayUrl.replace(/\/$/, '') + route)}`,
    ...(method === 'GET' || method === 'POST' ? [] : [`-X ${quoteForShell(method)}`]),
    '-H "Authorization: Bearer $OUTPOST_API_KEY"',
    ...(sendsBody && !kept.some(([name]) => name === 'content-type') ? ["-H 'content-type: application/json'"] : []),
    ...kept.map(([name, value]) => `-H ${quoteForShell(`${name}: ${value}`)}`),
    // Not --data, which would read a body that begins with "@" from a file.
    ...(sendsBody ? [`--data-raw ${quoteForShell(body as string)}`] : []),
  ];
  return parts.join(' \\\n  ');
}

/** A word as POSIX shells read it, whatever is in it. */
export function quoteForShell(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
