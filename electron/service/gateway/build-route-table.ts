import type { FeatureCatalogue } from '../../contract/feature-status.ts';
import type { KeyRules } from '../../contract/key-rules.ts';
import type { ProcessReport, WantedState } from '../../contract/process-state.ts';
import type { RouteTable } from '../../contract/route-table.ts';
import type { Site } from '../../contract/site-schema.ts';
import type { ListenAddress } from '../ports/listen-address.ts';

/** What a route table is made of, apart from its version and time. */
export interface RouteTableInputs {
  readonly site: Site;
  readonly catalogue: FeatureCatalogue;
  readonly listen: readonly ListenAddress[];
  /** Without rules a key may do everything. */
  readonly keys: readonly { readonly name: string; readonly sha256: string; readonly rules?: KeyRules }[];
  /** By server name; a server without a report or a port is known to the gateway as stopped. */
  readonly reports: ReadonlyMap<string, ProcessReport>;
  /** What the site file and the operator ask for; a server that is wanted stopped gets no request. */
  readonly wanted: (name: string) => WantedState;
  readonly ports: ReadonlyMap<string, number>;
  readonly upstreamKeys: ReadonlyMap<string, string>;
  /** Why a server cannot be started at all, by name. */
  readonly blocked: ReadonlyMap<string, string>;
}

export type RouteTableContent = Omit<RouteTable, 'version' | 'writtenAtMs'>;

const limits = {
  maxBodyBytes: 64 * 1024 * 1024,
  // A long prompt on a busy server: the first byte of a plain response comes with its last token.
  firstByteTimeoutMs: 15 * 60_000,
  idleTimeoutMs: 5 * 60_000,
} as const;

export function buildRouteTable(inputs: RouteTableInputs): RouteTableContent {
  const { site, catalogue, reports } = inputs;
  return {
    listen: inputs.listen.map(({ host, port }) => ({ host, port })),
    keysRequired: site.gateway.keys === 'required',
    keys: inputs.keys.map(({ name, sha256, rules }) => ({ name, sha256, models: null, ...rules })),
    servers: site.servers.map((server) => {
      const report = reports.get(server.name);
      // A process that runs is where it was started, even when the site file has another port by now.
      const port = (report?.pid !== null ? report?.port : null) ?? inputs.ports.get(server.name) ?? 1;
      return {
        name: server.name,
        engine: server.engine,
        baseUrl: `http://127.0.0.1:${port}`,
        upstreamKey: inputs.upstreamKeys.get(server.name) ?? null,
        serves: server.serves,
        wanted: inputs.wanted(server.name),
        actual: report?.actual ?? 'stopped',
        reason: report?.reason ?? inputs.blocked.get(server.name) ?? null,
      };
    }),
    fallbacks: Object.fromEntries(
      site.servers.flatMap(({ serves, fallback }) =>
        fallback === undefined ? [] : serves.filter((model) => model !== fallback).map((model) => [model, fallback]),
      ),
    ),
    features: Object.fromEntries(
      catalogue.features.map(({ feature }) => {
        const setting = site.features[feature];
        if (setting === undefined) return [feature, { state: 'unassigned' }];
        return [feature, setting === 'disabled' ? { state: 'disabled' } : { state: 'assigned', model: setting.model }];
      }),
    ),
    log: site.gateway.log,
    limits,
  };
}
