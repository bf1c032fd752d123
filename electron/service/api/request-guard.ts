import { hostname, networkInterfaces } from 'node:os';
import { WINDOW_ORIGIN } from '../../contract/window-origin.ts';

/**
 * Host names under which a server on this address may be asked for. A page of a foreign site whose name was re-bound to
 * this machine sends that name, and is refused.
 */
export function allowedHosts(listenHost: string): ReadonlySet<string> {
  const names = new Set(['localhost', '127.0.0.1', '[::1]', inBrackets(listenHost).toLowerCase()]);
  if (listenHost === '0.0.0.0' || listenHost === '::') {
    names.add(hostname().toLowerCase());
    for (const addresses of Object.values(networkInterfaces())) {
      for (const { address } of addresses ?? []) names.add(inBrackets(address).toLowerCase());
    }
  }
  return names;
}

/** Whether the Host header names this server: an allowed name with its port. */
export function isAllowedHost(header: string | undefined, hosts: ReadonlySet<string>, port: number): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[^:/\s]+)(?::(\d+))?$/i.exec(header ?? '');
  if (!match?.[1]) return false;
  return hosts.has(match[1].toLowerCase()) && Number(match[2] ?? 80) === port;
}

/** Whether a page may ask: one served from here, or the window. A program sends no Origin. */
export function isAllowedOrigin(origin: string | undefined, hostHeader: string | undefined): boolean {
  if (origin === undefined || origin === WINDOW_ORIGIN) return true;
  return hostHeader !== undefined && origin.toLowerCase() === `http://${hostHeader.toLowerCase()}`;
}

function inBrackets(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
