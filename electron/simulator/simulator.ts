import { startEscapingChild } from './escaping-children.ts';
import { bindErrorTraceback, engineDeathTraceback, engineStartFailure, outOfMemoryTraceback } from './faults.ts';
import type { SimulatorOptions } from './flags.ts';
import { listen, probeAddress } from './listen.ts';
import type { Log } from './log.ts';
import type { ShutdownLine } from './shutdown-log.ts';
import { interruptedStart, shutdownBeginLines, shutdownEndLines } from './shutdown-log.ts';
import type { SimulatedServer } from './simulated-server.ts';
import { createSimulatedServer } from './simulated-server.ts';
import type { StartupLine } from './startup-log.ts';
import { bannerLines, loadLines, serverLines } from './startup-log.ts';
import type { StatsState } from './stats-line.ts';
import { nextStatsLine } from './stats-line.ts';

/** Share of the load time after which running out of memory is noticed: in the middle of the weights. */
const outOfMemoryAt = 0.36;
/** How long a client may take to read what it was sent before a shutdown cuts it off. */
const shutdownGraceMs = 1000;

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
  readonly #server: SimulatedServer;
  #isReady = false;
  #isStopping = false;
  #isEngineDead = false;

  constructor({ options, log, exit }: SimulatorParts) {
    this.#options = options;
    this.#log = log;
    this.#exit = exit;
    this.#server = createSimulatedServer({
      options,
      log,
      startedAtSeconds: Math.round((performance.timeOrigin + this.#startedAtMs) / 10) / 100,
      isEngineDead: () => this.#isEngineDead,
      crash: () => this.#crash(),
    });
  }

  /** Resolves when the server is ready; a start that fails ends the process instead. */
  async start(): Promise<void> {
    const { host, port, faults } = this.#options;
    for (const line of bannerLines(this.#options)) this.#print(line);
    const probe = await probeAddress(host, port);
    if (!probe.ok) this.#failToBind(probe.code);
    for (let child = 0; child < faults.escapingChildren; child += 1) {
      const pid = await startEscapingChild(faults.ignoreSigterm);
      this.#log.vllm('EngineCore', 'INFO', 'simulator.ts:1', `Started escaping child process [${pid}]`);
    }
    await this.#load();
    const listening = await listen(this.#server.http.server, host, port);
    if (!listening.ok) return this.#failToBind(listening.code);
    for (const line of serverLines(`${host}:${listening.port}`, this.#server.routeNames)) this.#print(line);
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
      const text = `Ignoring ${signal}, as asked for by --fault-ignore-sigterm`;
      this.#log.vllm('APIServer', 'WARNING', 'simulator.ts:1', text);
      return;
    }
    if (this.#isStopping) return;
    this.#isStopping = true;
    if (!this.#isReady) {
      this.#log.raw('APIServer', interruptedStart);
      this.#exit(1);
    }
    const { engine, http } = this.#server;
    const { running, waiting } = engine.gauges();
    for (const line of shutdownBeginLines(signal, running + waiting)) this.#logShutdown(line);
    engine.endAll('abort');
    for (const line of shutdownEndLines) this.#logShutdown(line);
    this.#log.server('INFO', 'Shutting down');
    void http.close(shutdownGraceMs).then(() => {
      this.#log.server('INFO', `Finished server process [${process.pid}]`);
      this.#exit(0);
    });
  }

  async #load(): Promise<void> {
    const options = this.#options;
    for (const line of loadLines(options, this.#server.cacheTokens)) {
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

  #logShutdown({ process: who, text }: ShutdownLine): void {
    this.#log.vllm(who, 'INFO', 'shutdown.py:41', text);
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
    const { engine, metrics } = this.#server;
    let state: StatsState = { previous: metrics.totals(), wasIdle: true };
    setInterval(() => {
      const next = nextStatsLine(state, metrics.totals(), engine.gauges(), statsIntervalSeconds);
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
    this.#server.engine.endAll('error');
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
