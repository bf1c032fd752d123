import { socketPath } from '../base/data-paths.ts';
import type { LocalServer } from '../base/local-socket.ts';
import { serveLocal } from '../base/local-socket.ts';
import type { Result } from '../contract/outpost-error.ts';
import type { GatewayEvents, GatewayRequests } from '../contract/route-table.ts';
import type { Gateway } from './gateway.ts';
import type { RouteTableKeeper } from './route-table-file.ts';

/** Serves the gateway's local socket, over which the service applies route tables and follows commits. */
export function serveControlSocket(
  root: string,
  gateway: Gateway,
  tables: RouteTableKeeper,
): Promise<Result<LocalServer<GatewayEvents>>> {
  return serveLocal<GatewayRequests, GatewayEvents>(socketPath(root, 'gateway'), {
    // An invalid table is not an error here: the answer is the version in force, which the caller compares with its own.
    reload: () => {
      tables.reload();
      return { version: gateway.status().version };
    },
    status: () => gateway.status(),
  });
}
