import type { KeyLimits } from '../contract/key-rules.ts';
import type { RouteServer, RouteTable } from '../contract/route-table.ts';
import type { UpstreamAddress } from './upstream/upstream-address.ts';
import { upstreamAddress } from './upstream/upstream-address.ts';

/** A route table prepared for look-ups by the request path. */
export interface Routing {
  readonly table: RouteTable;
  /** By lower-case hex SHA-256 of the key. */
  readonly keys: ReadonlyMap<string, AllowedKey>;
  readonly serversByModel: ReadonlyMap<string, readonly RouteServer[]>;
  /** By the name of the server. */
  readonly addresses: ReadonlyMap<string, UpstreamAddress>;
}

export interface AllowedKey {
  readonly name: string;
  /** Null: every model. */
  readonly models: ReadonlySet<string> | null;
  /** Null: every feature, and none. */
  readonly features: ReadonlySet<string> | null;
  /** First parts of paths below /v1. Null: every path. */
  readonly routes: ReadonlySet<string> | null;
  readonly expiresAtMs: number | null;
  /** Null: no limit at all. */
  readonly limits: KeyLimits | null;
}

export function compileRouting(table: RouteTable): Routing {
  const serversByModel = new Map<string, RouteServer[]>();
  for (const server of table.servers) {
    for (const model of new Set(server.serves)) {
      const servers = serversByModel.get(model);
      if (servers) servers.push(server);
      else serversByModel.set(model, [server]);
    }
  }
  const keys = new Map(table.keys.map((key) => [key.sha256, compileKey(key)]));
  const addresses = new Map(table.servers.map((server) => [server.name, upstreamAddress(server.baseUrl)]));
  return { table, keys, serversByModel, addresses };
}

function compileKey({ name, models, features, routes, expiresAtMs, limits }: RouteTable['keys'][number]): AllowedKey {
  const setOf = (names: readonly string[] | null | undefined) => (names ? new Set(names) : null);
  const isLimited = limits !== undefined && Object.values(limits).some((limit) => limit !== null);
  return {
    name,
    models: setOf(models),
    features: setOf(features),
    routes: setOf(routes),
    expiresAtMs: expiresAtMs ?? null,
    limits: isLimited ? limits : null,
  };
}

/** Whether the key may use the model; without a key (where none is required) everything may be used. */
export function mayUse(key: AllowedKey | null, model: string): boolean {
  return key === null || key.models === null || key.models.has(model);
}
