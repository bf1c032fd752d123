import type { Result } from '../../../contract/outpost-error.ts';
import { succeed } from '../../../contract/outpost-error.ts';
import type { ServerConfig } from '../../../contract/site-schema.ts';
import type { ReservedFlags } from '../flag-arguments.ts';
import { canonicalFlag, flagArguments } from '../flag-arguments.ts';

const reserved: ReservedFlags = {
  host: 'Remove it: a model server answers on the loopback address, clients reach it through the gateway.',
  port: 'Use "port" of the server.',
  uds: 'Remove it: the gateway reaches the server over its port.',
  'served-model-name': 'Use "serves" of the server.',
  'api-key': 'Remove it: Outpost makes a key that only the gateway knows.',
  model: 'Use "weights" of the server.',
};

/** Outpost polls these, and a log full of its own polling hides everything else. */
const QUIET_ENDPOINTS = '/health,/metrics,/ping';

/** Arguments of `vllm` (domain facts: `vllm serve [MODEL] [options]`). `port` null shows as PORT. */
export function buildVllmArgv(server: ServerConfig, host: string, port: number | null): Result<readonly string[]> {
  const flags = flagArguments(server.args, reserved, server.name);
  if (!flags.ok) return flags;
  const given = new Set(Object.keys(server.args ?? {}).map(canonicalFlag));
  return succeed([
    ...(server.runtime?.args ?? []),
    'serve',
    server.weights ?? '',
    '--host',
    host,
    '--port',
    port === null ? 'PORT' : String(port),
    '--served-model-name',
    ...server.serves,
    ...(given.has('disable-access-log-for-endpoints') ? [] : ['--disable-access-log-for-endpoints', QUIET_ENDPOINTS]),
    ...flags.value,
  ]);
}
