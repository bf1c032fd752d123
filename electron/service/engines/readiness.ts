import type { Readiness } from '../../contract/runner-protocol.ts';
import type { LaunchContext } from './launch.ts';

/** Ready when a GET of the path answers 200. */
export function httpReadiness(context: Pick<LaunchContext, 'host' | 'port'>, path: string): Readiness {
  const host = context.host.includes(':') ? `[${context.host}]` : context.host;
  return { kind: 'http', url: `http://${host}:${context.port ?? 0}${path}` };
}

/** Ready when the port is open, or at once for a process without one. */
export function portReadiness(context: Pick<LaunchContext, 'host' | 'port'>): Readiness {
  return context.port === null ? { kind: 'spawned' } : { kind: 'tcp', host: context.host, port: context.port };
}
