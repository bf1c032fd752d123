import type { Result } from '../../../contract/outpost-error.ts';
import { succeed } from '../../../contract/outpost-error.ts';
import type { ServerConfig } from '../../../contract/site-schema.ts';
import type { ReservedFlags } from '../flag-arguments.ts';
import { flagArguments } from '../flag-arguments.ts';

const reserved: ReservedFlags = {
  host: 'Remove it: a model server answers on the loopback address, clients reach it through the gateway.',
  port: 'Use "port" of the server.',
  'served-model-name': 'Use "serves" of the server.',
  'api-key': 'Remove it: Outpost makes a key that only the gateway knows.',
};

/** Arguments of the simulated engine, after its program. `port` null shows as PORT. */
export function buildSimulatedArgv(server: ServerConfig, host: string, port: number | null): Result<readonly string[]> {
  const flags = flagArguments(server.args, reserved, server.name);
  if (!flags.ok) return flags;
  return succeed([
    ...(server.runtime?.args ?? []),
    '--host',
    host,
    '--port',
    port === null ? 'PORT' : String(port),
    '--served-model-name',
    ...server.serves,
    ...flags.value,
  ]);
}
