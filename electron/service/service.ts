import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import { writeFileAtomic } from '../base/atomic-write.ts';
import { systemClock } from '../base/clock.ts';
import { dataPaths, socketPath } from '../base/data-paths.ts';
import { isPortFree } from '../base/port-free.ts';
import { createProcessTrees } from '../base/process-tree.ts';
import { nodePath, productVersion, programPath, rendererDir, resourcesDir } from '../base/program-files.ts';
import type { ControlOperations } from '../contract/control-api.ts';
import { GATEWAY_NAME } from '../contract/names.ts';
import type { Result } from '../contract/outpost-error.ts';
import { succeed } from '../contract/outpost-error.ts';
import type { ServiceFile } from '../contract/service-location.ts';
import { controlSchema } from '../contract/site-schema.ts';
import type { SiteEvent } from '../contract/site-status.ts';
import { openRequestLogReader } from '../request-log/open-request-log-reader.ts';
import type { ControlServer } from './api/control-server.ts';
import { startControlServer } from './api/control-server.ts';
import { readCatalogues } from './features/catalogues.ts';
import { GatewayLink } from './gateway/gateway-link.ts';
import { RouteTableWriter } from './gateway/route-table-writer.ts';
import { digestKey, makeGatewayKey } from './keys/gateway-key.ts';
import { PLAYGROUND_KEY_NAME } from './keys/playground-key.ts';
import { openData } from './open-data.ts';
import { accessOperations } from './operations/access-operations.ts';
import { createEmitter } from './operations/emitter.ts';
import { engineSpecs } from './operations/engine-specs.ts';
import type { RecordEvent } from './operations/event-book.ts';
import { createProcessWatch, createRecorder } from './operations/event-book.ts';
import { featureOperations } from './operations/feature-operations.ts';
import { guardDisk } from './operations/guard-disk.ts';
import { createLazyReader } from './operations/lazy-reader.ts';
import { processOperations } from './operations/process-operations.ts';
import { requestOperations } from './operations/request-operations.ts';
import { siteOperations } from './operations/site-operations.ts';
import { SiteRuntime } from './operations/site-runtime.ts';
import { statusOperations } from './operations/status-operations.ts';
import { waitForGateway } from './operations/wait-for-gateway.ts';
import type { ServiceFlags } from './parse-flags.ts';
import type { ListenAddress } from './ports/listen-address.ts';
import { localUrl, parseListen } from './ports/listen-address.ts';
import { pickableRanges, PortKeeper, readClientPortRange } from './ports/port-keeper.ts';
import { runningPort } from './ports/running-port.ts';
import { changedProcesses } from './site/compare-sites.ts';
import { demoSiteText, emptySiteText } from './site/initial-site.ts';
import type { FeatureCatalogues } from './site/parse-site.ts';
import { problemInWords } from './site/parse-site.ts';
import { SiteKeeper } from './site/site-keeper.ts';
import { createProcessLogs } from './supervise/process-logs.ts';
import { createSupervisor } from './supervise/supervisor.ts';
import { startGpuPoller } from './telemetry/gpu-poller.ts';

const GATEWAY_WITHIN_MS = 10_000;
/** The answer to "stop everything" is to leave before the service ends. */
const END_AFTER_MS = 200;

export interface RunningService {
  /** Base URL of the control API. */
  readonly control: string;
  readonly token: string;
  /** First base URL of the gateway, or null while there is no site. */
  readonly gateway: string | null;
  readonly dataRoot: string;
  /** Ends the service; supervised processes go on. */
  end(): Promise<void>;
}

/**
 * Builds the service from its parts and starts it. Resolves when the control API listens, the runners are reached and the
 * gateway answers, or has not within 10 s. `onEnd` is called when an operator has stopped everything.
 */
export async function startService(
  flags: ServiceFlags,
  log: Logger,
  onEnd: () => void,
): Promise<Result<RunningService>> {
  const paths = dataPaths(flags.dataRoot);
  const clock = systemClock;
  const warn = (message: string) => log.warn(message);
  const opened = await openData(paths, clock);
  if (!opened.ok) return opened;
  const { lock, store, token, secretStore, upstreamKeys, warning } = opened.value;

  const eventNews = createEmitter<SiteEvent>();
  const keep = createRecorder(store, clock, eventNews, warn);
  const record: RecordEvent = (level, process, text) => {
    log[level === 'warning' ? 'warn' : level](process === null ? {} : { process }, text);
    keep(level, process, text);
  };
  if (warning !== null) record('error', null, warning);

  const catalogues = readCatalogues(path.join(resourcesDir(), 'gitlab'));
  const trees = createProcessTrees();
  const ports = new PortKeeper({
    file: paths.ports,
    ranges: pickableRanges(readClientPortRange()),
    warn: (message) => record('warning', null, message),
  });
  const playgroundKey = makeGatewayKey();
  const playgroundDigest = digestKey(playgroundKey);
  const committed = createEmitter<number>();
  const specs = engineSpecs(paths.root, (name) => secretStore.value(name));
  const logs = createProcessLogs(paths.root);
  const reader = createLazyReader(() => openRequestLogReader(paths.requests));
  const supervisor = createSupervisor({
    dataRoot: paths.root,
    runner: { node: nodePath(), program: programPath('runner') },
    warn,
  });
  const ended = new AbortController();
  let isServing = false;
  const reconcile = () => {
    void runtime.reconcile().catch((error: unknown) => {
      log.error(error);
      record('error', null, `The site could not be applied: ${error instanceof Error ? error.message : String(error)}`);
    });
  };

  const keeper = new SiteKeeper(path.resolve(flags.siteFile ?? paths.siteFile), store, catalogues, clock, {
    changed({ before, after, author, summary }) {
      for (const name of before ? changedProcesses(before, after) : []) store.clearOverride(name);
      record('info', null, `Site: ${summary} (${author})`);
      if (isServing && before && before.control.listen !== after.control.listen) {
        record('warning', null, 'The new address of the control API takes effect when the service is started again');
      }
      if (isServing) reconcile();
    },
    problems(problems) {
      const [first] = problems ?? [];
      if (first) record('error', null, `${keeper.file} is not in force: ${problemInWords(first)}`);
      else record('info', null, `${keeper.file} is in force again`);
      runtime.changed();
    },
  });
  const link = new GatewayLink({
    address: socketPath(paths.root, GATEWAY_NAME),
    onConnected({ version }) {
      writer.gatewayHas(version);
      runtime.changed();
    },
    onCommitted: (newestId) => committed.emit(newestId),
  });
  const runtime: SiteRuntime = new SiteRuntime({
    paths,
    keeper,
    store,
    supervisor,
    specs,
    ports,
    upstreamKeys,
    catalogues,
    gatewayListen: flags.gateway === null ? null : [flags.gateway],
    gatewayKeys: () => [
      ...store.keys().filter((key) => key.revokedAtMs === null),
      { name: PLAYGROUND_KEY_NAME, sha256: playgroundDigest },
    ],
    runningListen: () => link.status()?.listen ?? null,
    runningPort: (name) => runningPort(paths, trees, name),
    tableChanged() {
      const written = writer.writeNow();
      if (!written.ok) warn(written.error.message);
      else void writer.handOver();
    },
    warn,
  });
  const writer: RouteTableWriter = new RouteTableWriter({
    file: paths.routeTable,
    link,
    clock,
    build: () => runtime.routeTable(),
    nextVersion: (atLeast) => store.nextCount('route_table', atLeast),
    gatewayOff: () =>
      runtime.wanted(GATEWAY_NAME) === 'stopped'
        ? { reason: 'the gateway is stopped', action: 'Start it: outpost start gateway.' }
        : null,
    warn,
  });
  const watchProcesses = createProcessWatch(() => runtime.reports(), record, clock);
  supervisor.onChange(() => {
    watchProcesses();
    const gateway = runtime.reports().get(GATEWAY_NAME)?.actual;
    link.expect(gateway === 'ready' || gateway === 'degraded');
    if (runtime.isReached()) writer.schedule();
    runtime.changed();
  });
  const gpus = startGpuPoller(() => runtime.changed());

  let ending: Promise<void> | null = null;
  const end = (): Promise<void> => {
    ending ??= (async () => {
      ended.abort();
      runtime.end();
      gpus.stop();
      keeper.close();
      writer.close();
      supervisor.close();
      link.close();
      await server?.close();
      await reader.close();
      store.close();
      await lock.release();
    })();
    return ending;
  };

  const firstSite = (kind: 'demo' | 'empty', name: string | undefined) => firstSiteText(kind, name, catalogues);
  const operations: ControlOperations = guardDisk({
    ...statusOperations({ keeper, runtime, store, events: eventNews, gpus: gpus.reading, version: productVersion() }),
    ...siteOperations({ keeper, runtime, specs, firstSite }),
    ...processOperations({
      runtime,
      supervisor,
      logs,
      store,
      clock,
      endService: () => void setTimeout(onEnd, END_AFTER_MS),
    }),
    ...featureOperations({ keeper, runtime, writer, catalogues }),
    ...accessOperations({ store, secretStore, writer, runtime, clock, record }),
    ...requestOperations({ openReader: reader.get, committed, clock }),
  });

  let server: ControlServer | null = null;
  keeper.open();
  if (flags.demo && !existsSync(keeper.file)) {
    const started = keeper.start(await firstSite('demo', undefined), 'cli');
    if (!started.ok) {
      await end();
      return started;
    }
  }
  const listen = await controlAddress(flags.control ?? runtime.site()?.control.listen ?? null, ports);
  const served = await startControlServer({
    listen,
    token,
    operations,
    gatewayUrl: () => runtime.gatewayUrls()[0] ?? null,
    gatewayKey: playgroundKey,
    pages: rendererDir(),
    warn,
  });
  if (!served.ok) {
    await end();
    return served;
  }
  server = served.value;
  isServing = true;
  const control = localUrl(server.address);
  const file: ServiceFile = { pid: process.pid, version: productVersion(), control, startedAtMs: clock.nowMs() };
  writeFileAtomic(paths.serviceFile, `${JSON.stringify(file, null, 2)}\n`, 0o600);
  // However the process ends, short of being killed.
  process.once('exit', () => rmSync(paths.serviceFile, { force: true }));

  try {
    await runtime.reconcile();
  } catch (error) {
    // The window and the command line are how an operator finds out and does something about it.
    record('error', null, `Not everything could be started: ${error instanceof Error ? error.message : String(error)}`);
  }
  const gatewayUrl = () => runtime.gatewayUrls()[0] ?? null;
  if (runtime.site() && runtime.wanted(GATEWAY_NAME) === 'running') {
    if (!(await waitForGateway(gatewayUrl, GATEWAY_WITHIN_MS))) record('error', GATEWAY_NAME, gatewayAbsent(runtime));
  }
  return succeed({ control, token, gateway: gatewayUrl(), dataRoot: paths.root, end });
}

function gatewayAbsent(runtime: SiteRuntime): string {
  const { actual, reason } = runtime.reports().get(GATEWAY_NAME) ?? { actual: 'stopped', reason: null };
  return (
    `The gateway does not answer at ${runtime.gatewayUrls()[0] ?? 'its address'} after ${GATEWAY_WITHIN_MS / 1000} s; it is ` +
    `${actual}${reason === null ? '' : ` (${reason})`}. The service goes on; see "outpost status" and "outpost logs gateway".`
  );
}

/** Port 8080 is what people expect of a gateway; where something else has it, a free one is better than none. */
async function firstSiteText(
  kind: 'demo' | 'empty',
  name: string | undefined,
  catalogues: FeatureCatalogues,
): Promise<string> {
  const listen = (await isPortFree('127.0.0.1', 8080)) ? '127.0.0.1:8080' : '127.0.0.1:0';
  const catalogue = catalogues.get(undefined);
  if (!catalogue) throw new Error('There is no feature list, although one is read at the start.');
  return kind === 'demo' ? demoSiteText(catalogue, listen) : emptySiteText(name ?? 'My site', listen);
}

async function controlAddress(configured: string | null, ports: PortKeeper): Promise<ListenAddress> {
  const { host, port } = parseListen(configured ?? controlSchema.parse({}).listen);
  // Only one service has this data directory, so whoever holds the kept port is not ours.
  return { host, port: port === 0 ? await ports.resolve('control', host, async () => false, new Set()) : port };
}
