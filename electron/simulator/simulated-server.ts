import { Engine } from './engine.ts';
import type { EngineGauges } from './engine-families.ts';
import { EngineMetrics } from './engine-metrics.ts';
import { requestFault } from './faults.ts';
import type { SimulatorOptions } from './flags.ts';
import { HttpMetrics, processFamilies } from './http-metrics.ts';
import type { HttpServer } from './http-server.ts';
import { createHttpServer } from './http-server.ts';
import type { Log } from './log.ts';
import { PrefixCache } from './prefix-cache.ts';
import { createRoutes } from './routes/route-table.ts';
import { hashNumbers } from './seeded-random.ts';
import type { ServerContext } from './server-context.ts';
import { simulatedVersion } from './startup-log.ts';
import { encode } from './tokenizer.ts';

const blockSize = 16;
/** The made-up cache holds at least this many tokens, and at least this many requests of full length. */
const leastCacheTokens = 262_144;
const leastFullRequests = 8;

/** An engine behind an HTTP server that does not listen yet. */
export interface SimulatedServer {
  readonly engine: Engine;
  readonly metrics: EngineMetrics;
  readonly http: HttpServer;
  /** Tokens that fit the KV cache. */
  readonly cacheTokens: number;
  /** The routes as the log lists them. */
  readonly routeNames: readonly string[];
}

export interface SimulatedServerParts {
  readonly options: SimulatorOptions;
  readonly log: Log;
  readonly startedAtSeconds: number;
  readonly isEngineDead: () => boolean;
  readonly crash: () => void;
}

export function createSimulatedServer(parts: SimulatedServerParts): SimulatedServer {
  const { options, log, startedAtSeconds } = parts;
  const now = (): number => performance.now();
  const blockCount = Math.ceil(Math.max(leastCacheTokens, options.maxModelLength * leastFullRequests) / blockSize);
  const metrics = new EngineMetrics({
    modelName: options.servedModelNames[0],
    maxModelLength: options.maxModelLength,
    blockSize,
    blockCount,
    createdSeconds: startedAtSeconds,
    gauges: (): EngineGauges => engine.gauges(),
  });
  const engine: Engine = new Engine(
    { timing: options.timing, maxNumSeqs: options.maxNumSeqs, blockSize, blockCount },
    metrics,
    new PrefixCache(blockSize, blockCount),
    now,
  );
  const httpMetrics = new HttpMetrics(startedAtSeconds);
  let inferenceRequests = 0;
  const context: ServerContext = {
    options,
    engine,
    families: [...processFamilies(startedAtSeconds), ...metrics.page, ...httpMetrics.families],
    systemFingerprint: systemFingerprint(options),
    isEngineDead: parts.isEngineDead,
    onInferenceRequest() {
      inferenceRequests += 1;
      return requestFault(options.faults, inferenceRequests);
    },
    crash: parts.crash,
    load: { current: 0 },
    nowSeconds: () => Math.floor(Date.now() / 1000),
  };
  const routes = createRoutes(context);
  const http = createHttpServer({
    routes,
    apiKeys: options.apiKeys,
    accessLog: options.accessLog,
    requestIdHeaders: options.requestIdHeaders,
    log,
    metrics: httpMetrics,
    now,
  });
  const routeNames = routes.map((route) => `${route.path}, Methods: ${route.methods.join(', ')}`);
  return { engine, metrics, http, cacheTokens: blockCount * blockSize, routeNames };
}

function systemFingerprint(options: SimulatorOptions): string {
  const hash = hashNumbers(options.seed, encode(options.servedModelNames[0])).toString(16).padStart(8, '0');
  return `vllm-${simulatedVersion}-tp1-${hash}`;
}
