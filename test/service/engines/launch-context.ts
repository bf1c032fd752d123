import type { LaunchContext } from '../../../electron/service/engines/launch.ts';

/** A context as the service makes it for a server. */
export function makeContext(changes: Partial<LaunchContext> = {}): LaunchContext {
  return {
    dataRoot: '/data',
    host: '127.0.0.1',
    port: 8001,
    upstreamKey: 'upstream-key',
    secret: (name) => (name === 'hub' ? 'hub-token' : null),
    baseEnv: {
      PATH: '/usr/bin',
      HOME: '/home/op',
      OUTPOST_DATA: '/data',
      NODE_OPTIONS: '--inspect',
      CUDA_HOME: '/cuda',
    },
    nodePath: '/opt/node',
    programPath: (name) => `/opt/programs/${name}.mjs`,
    ...changes,
  };
}
