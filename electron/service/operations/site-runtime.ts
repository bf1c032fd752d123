import { isDeepStrictEqual } from 'node:util';
import type { DataPaths } from '../../base/data-paths.ts';
import { GATEWAY_NAME } from '../../contract/names.ts';
import type { OutpostError } from '../../contract/outpost-error.ts';
import type { ProcessReport, WantedState } from '../../contract/process-state.ts';
import type { ServerConfig, Site } from '../../contract/site-schema.ts';
import type { ProcessStatus } from '../../contract/site-status.ts';
import type { RouteTableContent } from '../gateway/build-route-table.ts';
import { buildRouteTable } from '../gateway/build-route-table.ts';
import type { ListenAddress } from '../ports/listen-address.ts';
import { localUrl } from '../ports/listen-address.ts';
import type { AssignedPorts } from '../ports/assign-ports.ts';
import { assignPorts } from '../ports/assign-ports.ts';
import type { PortKeeper } from '../ports/port-keeper.ts';
import type { UpstreamKeys } from '../secrets/upstream-keys.ts';
import type { FeatureCatalogues } from '../site/parse-site.ts';
import type { SiteKeeper } from '../site/site-keeper.ts';
import type { Store } from '../store/store.ts';
import type { DesiredProcess, Supervisor } from '../supervise/supervision.ts';
import { coalesce } from './coalesce.ts';
import { createEmitter } from './emitter.ts';
import type { ProcessSpecs } from './process-specs.ts';
import { namedProcesses, processStatus } from './process-status.ts';
import { readRunnerSpec } from './read-runner-spec.ts';

export interface SiteRuntimeParts {
  readonly paths: DataPaths;
  readonly keeper: SiteKeeper;
  readonly store: Store;
  readonly supervisor: Supervisor;
  readonly specs: ProcessSpecs;
  readonly ports: PortKeeper;
  readonly upstreamKeys: UpstreamKeys;
  readonly catalogues: FeatureCatalogues;
  /** Addresses that override the site's, or null. */
  readonly gatewayListen: readonly string[] | null;
  /** Digests of the keys in force, the service's own included. */
  readonly gatewayKeys: () => readonly { readonly name: string; readonly sha256: string }[];
  /** Addresses the running gateway said it listens on, or null while it is not connected. */
  readonly runningListen: () => readonly ListenAddress[] | null;
  readonly runningPort: (name: string) => Promise<number | null>;
  /** The route table should be written and handed over. */
  readonly tableChanged: () => void;
  readonly warn: (message: string) => void;
}

/**
 * Makes what runs match what is wanted: the site in force, the operator's last starts and stops, the secrets that are set.
 * The only place that calls the supervisor's `apply`.
 */
export class SiteRuntime {
  readonly #parts: SiteRuntimeParts;
  readonly #changes = createEmitter<void>();
  #assigned: AssignedPorts = { listen: [], ports: new Map() };
  #blocked: ReadonlyMap<string, OutpostError> = new Map();
  #reached = false;
  /** Processes that an operation is about to start or stop itself. */
  readonly #asked = new Set<string>();
  #ended = false;
  /** Resolves when what is wanted has been handed to the runners; waits for no process to be ready. */
  readonly reconcile: () => Promise<void>;

  constructor(parts: SiteRuntimeParts) {
    this.#parts = parts;
    this.reconcile = coalesce(() => this.#reconcileNow());
  }

  /** From now on nothing is started or stopped any more. */
  end(): void {
    this.#ended = true;
  }

  /** Whether the runners have been reached once, so that their reports are known. */
  isReached(): boolean {
    return this.#reached;
  }

  site(): Site | null {
    return this.#parts.keeper.inForce()?.site ?? null;
  }

  /** Follows everything that a status shows. */
  onChange(listener: () => void, signal: AbortSignal): void {
    this.#changes.follow(listener, signal);
  }

  changed(): void {
    this.#changes.emit();
  }

  /** Why a process cannot be started at all, or null. */
  blockedBy(name: string): OutpostError | null {
    return this.#blocked.get(name) ?? null;
  }

  port(name: string): number | null {
    return this.#assigned.ports.get(name) ?? null;
  }

  reports(): ReadonlyMap<string, ProcessReport> {
    return new Map(this.#parts.supervisor.processes().map(({ report }) => [report.name, report]));
  }

  wanted(name: string): WantedState {
    const override = this.#parts.store.overrides().get(name);
    if (override) return override;
    if (name === GATEWAY_NAME) return 'running';
    const site = this.site();
    const entry = [...(site?.servers ?? []), ...(site?.processes ?? [])].find((other) => other.name === name);
    return entry?.start === 'always' ? 'running' : 'stopped';
  }

  statuses(): readonly ProcessStatus[] {
    const supervised = new Map(this.#parts.supervisor.processes().map((entry) => [entry.report.name, entry]));
    return namedProcesses(this.site()).map((named) => {
      const known = supervised.get(named.name);
      const isGateway = named.name === GATEWAY_NAME;
      return processStatus(named, {
        wanted: this.wanted(named.name),
        report: known?.report ?? null,
        port: isGateway ? (this.#gatewayAddresses()[0]?.port ?? null) : this.port(named.name),
        restartNeeded: (known?.restartNeeded ?? false) || (isGateway && this.#listensElsewhere()),
        blocked: this.#blocked.get(named.name)?.message ?? null,
      });
    });
  }

  actualStates(): ReadonlyMap<string, string> {
    return new Map(this.statuses().map(({ name, actual }) => [name, actual]));
  }

  /** Base URLs of the gateway: where it listens, or while it does not run, where it will. */
  gatewayUrls(): readonly string[] {
    return this.#gatewayAddresses().map(localUrl);
  }

  /** What the gateway should know now; null while there is no site. */
  routeTable(): RouteTableContent | null {
    const site = this.site();
    const catalogue = this.#parts.catalogues.get(site?.gitlab?.version);
    if (!site || !catalogue || this.#assigned.listen.length === 0) return null;
    return buildRouteTable({
      site,
      catalogue,
      listen: this.#assigned.listen,
      keys: this.#parts.gatewayKeys(),
      reports: this.reports(),
      wanted: (name) => this.wanted(name),
      ports: this.#assigned.ports,
      upstreamKeys: new Map(
        site.servers.flatMap((server) => {
          const key = this.#upstreamKey(server);
          return key === null ? [] : [[server.name, key]];
        }),
      ),
      blocked: new Map([...this.#blocked].map(([name, error]) => [name, error.message])),
    });
  }

  /** Hands over the newest spec of a process, without starting or stopping it, and then does that through `act`. */
  async ask<T>(name: string, act: () => Promise<T>): Promise<T> {
    this.#asked.add(name);
    try {
      await this.reconcile();
      return await act();
    } finally {
      this.#asked.delete(name);
    }
  }

  async #reconcileNow(): Promise<void> {
    const site = this.site();
    if (!site || this.#ended) return;
    const { ports, gatewayListen, runningPort, supervisor } = this.#parts;
    this.#assigned = await assignPorts(site, gatewayListen, ports, runningPort);
    const { desired, blocked } = await this.#desire(site);
    this.#blocked = blocked;
    // A gateway that runs has a table; before the runners are reached, a new one would call every server stopped.
    if (this.#reached || (await runningPort(GATEWAY_NAME)) === null) this.#parts.tableChanged();
    await supervisor.apply(desired);
    this.#reached = true;
    this.#parts.tableChanged();
    this.#followWanted(desired);
    this.changed();
  }

  /** A runner keeps what was wanted of it; the site file may say otherwise by now. */
  #followWanted(desired: readonly DesiredProcess[]): void {
    const reports = this.reports();
    for (const { spec, wanted } of desired) {
      const report = reports.get(spec.name);
      if (!report || report.actual === 'lost' || report.wanted === wanted || this.#asked.has(spec.name)) continue;
      const done =
        wanted === 'running' ? this.#parts.supervisor.start(spec.name) : this.#parts.supervisor.stop(spec.name);
      void done.then((result) => {
        // The state shows it as well; this is for the service's own log.
        if (!result.ok) this.#parts.warn(result.error.message);
      });
    }
  }

  async #desire(
    site: Site,
  ): Promise<{ desired: readonly DesiredProcess[]; blocked: ReadonlyMap<string, OutpostError> }> {
    const { specs, paths, runningPort } = this.#parts;
    const desired: DesiredProcess[] = [];
    const blocked = new Map<string, OutpostError>();
    const [first] = this.#assigned.listen;
    if (first) desired.push({ spec: specs.gateway(first), wanted: this.wanted(GATEWAY_NAME) });
    const add = async (name: string, spec: ReturnType<ProcessSpecs['server']>) => {
      if (spec.ok) {
        desired.push({ spec: spec.value, wanted: this.wanted(name) });
        return;
      }
      blocked.set(name, spec.error);
      // What runs already goes on as it was started; only a new start is impossible.
      const former = readRunnerSpec(paths, name);
      const runs = (await runningPort(name)) !== null;
      if (former) desired.push({ spec: former, wanted: runs ? this.wanted(name) : 'stopped' });
    };
    for (const server of site.servers) {
      await add(server.name, specs.server(server, this.#place(server.name, this.#upstreamKey(server))));
    }
    for (const process of site.processes) {
      await add(process.name, specs.process(process, this.#place(process.name, null)));
    }
    return { desired, blocked };
  }

  #place(name: string, upstreamKey: string | null) {
    const port = this.#assigned.ports.get(name);
    if (port === undefined) throw new Error(`${name} was given no port, although every process of a site is.`);
    return { port, upstreamKey };
  }

  /** Engines that answer like vLLM take a key; any other program has its own ways. */
  #upstreamKey(server: ServerConfig): string | null {
    return server.engine === 'command' ? null : this.#parts.upstreamKeys.for(server.name);
  }

  #gatewayAddresses(): readonly ListenAddress[] {
    return this.#parts.runningListen() ?? this.#assigned.listen;
  }

  #listensElsewhere(): boolean {
    const running = this.#parts.runningListen();
    return running !== null && !isDeepStrictEqual([...running], [...this.#assigned.listen]);
  }
}
