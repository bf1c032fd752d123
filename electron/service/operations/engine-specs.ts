import { nodePath, programPath } from '../../base/program-files.ts';
import { buildSpec, gatewaySpec, processSpec } from '../engines/build-spec.ts';
import type { LaunchContext } from '../engines/launch.ts';
import { previewCommand } from '../engines/preview-command.ts';
import type { ProcessSpecs } from './process-specs.ts';

/** Model servers are reached through the gateway only. */
const SERVER_HOST = '127.0.0.1';

/** Specs as the engines build them, from this service's own environment and programs. */
export function engineSpecs(dataRoot: string, secret: (name: string) => string | null): ProcessSpecs {
  const context = (place: Pick<LaunchContext, 'host' | 'port' | 'upstreamKey'>): LaunchContext => ({
    dataRoot,
    secret,
    baseEnv: process.env,
    nodePath: nodePath(),
    programPath,
    ...place,
  });
  return {
    server: (server, place) => buildSpec(server, context({ host: SERVER_HOST, ...place })),
    process: (config, place) => processSpec(config, context({ host: SERVER_HOST, ...place })),
    gateway: ({ host, port }) => gatewaySpec(context({ host, port, upstreamKey: null })),
    preview: (server, port) => previewCommand(server, context({ host: SERVER_HOST, port, upstreamKey: null })),
  };
}
