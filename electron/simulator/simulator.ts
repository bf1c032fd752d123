import type { Server } from 'node:http';
import { Engine } from './engine.ts';
import type { EngineGauges } from './engine-metrics.ts';
import { EngineMetrics } from './engine-metrics.ts';
import { startEscapingChild } from './escaping-children.ts';
import {
  bindErrorTraceback,
  engineDeathTraceback,
  engineStartFailure,
  outOfMemoryTraceback,
  requestFault,
} from './faults.ts';
import type { SimulatorOptions } from './flags.ts';
import { HttpMetrics, processFamilies } from './http-metrics.ts';
import { createHttpServer } from './http-server.ts';
import { listen, probeAddress } from './listen.ts';
import type { Log } from './log.ts';
import { PrefixCache } from './prefix-cache.ts';
import { createRoutes } from './routes/route-table.ts';
import { hashNumbers } from './seeded-random.ts';
import type { ServerContext } from './server-context.ts';
import { encode } from './tokenizer.ts';
import type { StartupLine } from './startup-log.ts';
import { bannerLines, loadLines, serverLines, simulatedVersion } from './startup-log.ts';
import type { StatsState } from './stats-line.ts';
import { nextStatsLine } from './stats-line.ts';

const blockSize = 16;
/** Share of the load time after which running out of memory is noticed: in the middle of the weights. */
const outOfMemoryAt = 0.36;

export interface SimulatorParts {
  readonly options: SimulatorOptions;
  readonly log: Log;
  /** Ends the process. */
  readonly exit: (code: number) => never;
}

/** One life of the simulated engine, from the first line of its log to its exit. */
export class Simulator {
  readonly #options: SimulatorOptions;
  readonly #log: Log;
  readonly #exit: (code: number) => never;
  readonly #startedAtMs = performance.now();
  readonly #engine: Engine;
  readonly #server: Server;
  readonly #metrics: EngineMetrics;
  readonly #cacheTokens: number;
  readonly #routeNames: readonly string[];
  #isReady = false;
  #isStopping = false;
  #isEngineDead = false;
  #inferenceRequests = 0;

  constructor({ options, log, exit }: SimulatorParts) {
    this.#options = options;
    this.#log = log;
    this.#exit = exit;
    const startedAtSeconds = Math.round((performance.timeOrigin + this.#startedAtMs) / 10) / 100;
    const blockCount = Math.ceil(Math.max(262144, options.maxModelLength * 8) / blockSize);
    this.#cacheTokens = blockCount * blockSize;
    this.#metrics = new EngineMetrics({
      modelName: options.servedModelNames[0],
      maxModelLength: options.maxModelLength,
      blockSize,
      blockCount,
      createdSeconds: startedAtSeconds,
      gauges: (): EngineGauges => this.#engine.gauges(),
    });
    const now = (): number => performance.now();
    this.#engine = new Engine(
      { timing: options.timing, maxNumSeqs: options.maxNumSeqs, blockSize, blockCount },
      this.#metrics,
      new PrefixCache(blockSize, blockCount),
      now,
    );
    const httpMetrics = new HttpMetrics(startedAtSeconds);
    const context: ServerContext = {
      options,
      engine: this.#engine,
      families: [...processFamilies(startedAtSeconds), ...this.#metrics.families, ...httpMetrics.families],
      systemFingerprint: systemFingerprint(options),
      isEngineDead: () => this.#isEngineDead,
      onInferenceRequest: () => {
        this.#inferenceRequests += 1;
        return requestFault(options.faults, this.#inferenceRequests);
      },
      crash: () => this.#crash(),
      load: { current: 0 },
      nowSeconds: () => Math.floor(Date.now() / 1000),
    };
    const routes = createRoutes(context);
    this.#routeNames = routes.map((route) => `${route.path}, Methods: ${route.methods.join(', ')}`);
    this.#server = createHttpServer({
      routes,
      apiKeys: options.apiKeys,
      accessLog: options.accessLog,
      requestIdHeaders: options.requestIdHeaders,
      log,
      metrics: httpMetrics,
      now,
    });
  }

  /** Resolves when the server is ready; a start that fails ends the process instead. */
  async start(): Promise<void> {
    const { options } = this;
    for (const line of bannerLines(options)) this.#print(line);
    const probe = await probeAddress(options.host, options.port);
    if (!probe.ok) return this.#failToBind(probe.code);
    for (let child = 0; child < options.faults.escapingChildren; child += 1) {
      const pid = await startEscapingChild(options.faults.ignoreSigterm);
      this.#log.vllm('EngineCore', 'INFO', 'simulator.ts:1', `Started escaping child process [${pid}]`);
    }
    await this.#load();
    const listening = await listen(this.#server, options.host, options.port);
    if (!listening.ok) return this.#failToBind(listening.code);
    for (const line of serverLines(`${options.host}:${listening.port}`, this.#routeNames)) this.#print(line);
    this.#log.server('INFO', `Started server process [${process.pid}]`);
    this.#log.server('INFO', 'Waiting for application startup.');
    this.#log.server('INFO', 'Application startup complete.');
    this.#isReady = true;
    this.#startStats();
    this.#armTimedFaults();
  }

  /** What SIGTERM and SIGINT do. A second signal changes nothing. */
  stop(signal: 'SIGTERM' | 'SIGINT'): void {
    if (this.#options.faults.ignoreSigterm) {
      this.#log.vllm(
        'APIServer',
        'WARNING',
        'launcher.py:99',
        `Ignoring ${signal}, as asked for by --fault-ignore-sigterm`,
      );
      return;
    }
    if (this.#isStopping) return;
    this.#isStopping = true;
    if (!this.#isReady) {
      this.#log.raw(
        'APIServer',
        'Traceback (most recent call last):\n  File "vllm/entrypoints/openai/api_server.py", line 1960, in signal_handler\nKeyboardInterrupt: terminated',
      );
      this.#exit(1);
    }
    const say = (who: 'APIServer' | 'EngineCore', text: string): void =>
      this.#log.vllm(who, 'INFO', 'shutdown.py:41', text);
    say('APIServer', '[shutdown] API server: shutdown triggered');
    say('APIServer', '[shutdown] API server: stopping engine client mode=abort timeout=0s');
    say('EngineCore', `[shutdown] EngineCore: trigger received signal=${signal}`);
    say('EngineCore', '[shutdown] EngineCore: start mode=abort timeout=0s');
    const { running, waiting } = this.#engine.gauges();
    if (running + waiting > 0)
      say('EngineCore', `[shutdown] EngineCore: aborting in-flight requests count=${running + waiting}`);
    this.#server.close(() => {
      this.#log.server('INFO', `Finished server process [${process.pid}]`);
      this.#exit(0);
    });
    this.#engine.endAll('abort');
    say('EngineCore', '[shutdown] EngineCore: request processing complete; starting resource teardown');
    say('APIServer', '[shutdown] MPClient: complete');
    say('APIServer', 'shutting down FastAPI HTTP server');
    this.#log.server('INFO', 'Shutting down');
    this.#server.closeIdleConnections();
    // Clients that do not read their last bytes must not hold up the exit for long.
    setTimeout(() => this.#server.closeAllConnections(), 1000).unref();
  }

  get options(): SimulatorOptions {
    return this.#options;
  }

  async #load(): Promise<void> {
    const { options } = this;
    for (const line of loadLines(options, this.#cacheTokens)) {
      if (options.faults.oomAtStart && line.at > outOfMemoryAt) {
        this.#log.raw('EngineCore', outOfMemoryTraceback);
        this.#log.raw('APIServer', engineStartFailure);
        this.#exit(options.faults.exitCode);
      }
      await this.#waitForLoad(line.at);
      this.#print(line);
    }
    await this.#waitForLoad(1);
  }

  async #waitForLoad(share: number): Promise<void> {
    const waitMs = this.#startedAtMs + share * this.#options.loadSeconds * 1000 - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, Math.ceil(waitMs)));
  }

  #print(line: StartupLine): void {
    if (line.kind === 'vllm') this.#log.vllm(line.process, 'INFO', line.source, line.text);
    else this.#log.raw(line.process, line.text);
  }

  #failToBind(code: string): never {
    this.#log.raw('APIServer', bindErrorTraceback(code, `${this.#options.host}:${this.#options.port}`));
    this.#exit(1);
  }

  #startStats(): void {
    const { statsIntervalSeconds } = this.#options;
    let state: StatsState = { previous: this.#metrics.totals(), wasIdle: true };
    setInterval(() => {
      const next = nextStatsLine(state, this.#metrics.totals(), this.#engine.gauges(), statsIntervalSeconds);
      state = next.state;
      if (next.line !== null) this.#log.vllm('APIServer', 'INFO', 'loggers.py:259', next.line);
    }, statsIntervalSeconds * 1000);
  }

  #armTimedFaults(): void {
    const { crashAfterSeconds, health503AfterSeconds } = this.#options.faults;
    if (crashAfterSeconds !== null) setTimeout(() => this.#crash(), crashAfterSeconds * 1000);
    if (health503AfterSeconds !== null) setTimeout(() => this.#killEngine(), health503AfterSeconds * 1000);
  }

  /** The engine dies while the HTTP server lives on. */
  #killEngine(): void {
    this.#logEngineDeath();
    this.#isEngineDead = true;
    this.#engine.endAll('error');
  }

  #crash(): never {
    this.#logEngineDeath();
    this.#exit(this.#options.faults.exitCode);
  }

  #logEngineDeath(): void {
    this.#log.vllm(
      'EngineCore',
      'ERROR',
      'core.py:1126',
      `EngineCore encountered a fatal error.\n${engineDeathTraceback}`,
    );
    this.#log.vllm(
      'APIServer',
      'ERROR',
      'async_llm.py:708',
      'AsyncLLM output_handler failed.\nvllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue. See stack trace (above) for the root cause.',
    );
  }
}

function systemFingerprint(options: SimulatorOptions): string {
  const hash = hashNumbers(options.seed, encode(options.servedModelNames[0])).toString(16).padStart(8, '0');
  return `vllm-${simulatedVersion}-tp1-${hash}`;
}
