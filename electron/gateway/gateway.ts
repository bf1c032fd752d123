import type http from 'node:http';
import type { Clock } from '../base/clock.ts';
import type { Result } from '../contract/outpost-error.ts';
import { succeed } from '../contract/outpost-error.ts';
import type { GatewayStatus, RouteTable } from '../contract/route-table.ts';
import type { RequestLog } from '../request-log/request-log.ts';
import { buildClosedRow, noBodies } from './build-row.ts';
import type { Exchange } from './exchange.ts';
import { FloodCounter } from './flood-counter.ts';
import type { GatewayContext, RejectedExample } from './gateway-context.ts';
import type { ListenAddress } from './gateway-server.ts';
import { createGatewayServer, listen } from './gateway-server.ts';
import { stoppingError } from './handle-request.ts';
import { KeyLimiter } from './limits/key-limiter.ts';
import { GatewayMetrics } from './metrics.ts';
import { compileRouting } from './routing.ts';
import { UnrecordedRequests } from './unrecorded.ts';
import { UpstreamPools } from './upstream/upstream-pools.ts';

export interface GatewayOptions {
  readonly table: RouteTable;
  readonly log: RequestLog;
  readonly clock: Clock;
  readonly warn: (event: Readonly<Record<string, unknown>>, message: string) => void;
}

/** How long running requests may go on once the gateway is asked to stop. */
const DRAIN_MS = 10_000;

/** The data plane: HTTP in, model servers out, every request recorded. Listens once `start` is called. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #context: GatewayContext;
  readonly #servers: http.Server[] = [];
  readonly #unrecorded = new UnrecordedRequests();
  readonly #pools = new UpstreamPools();
  readonly #active = new Set<Exchange>();
  #routing: ReturnType<typeof compileRouting>;
  #listening: ListenAddress[] = [];
  #isStopping = false;
  #isSummarizing = false;
  #turn = 0;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#routing = compileRouting(options.table);
    this.#context = {
      clock: options.clock,
      log: options.log,
      pools: this.#pools,
      metrics: new GatewayMetrics(),
      floods: new FloodCounter<RejectedExample>(),
      unrecorded: this.#unrecorded,
      keyLimiter: new KeyLimiter(),
      active: this.#active,
      outstanding: new Map(),
      routing: () => this.#routing,
      isStopping: () => this.#isStopping,
      nextTurn: () => this.#turn++,
      warn: options.warn,
    };
  }

  /** Listens on every address of the table; on an error none is left listening. */
  async start(): Promise<Result<readonly ListenAddress[]>> {
    for (const address of this.#options.table.listen) {
      const server = createGatewayServer(this.#context);
      const bound = await listen(server, address);
      if (!bound.ok) {
        for (const other of this.#servers) other.close();
        return bound;
      }
      this.#servers.push(server);
      this.#listening.push(bound.value);
    }
    return succeed(this.#listening);
  }

  /** Puts a new table in force for requests that come from now on. */
  apply(table: RouteTable): void {
    this.#routing = compileRouting(table);
    this.#pools.keepOnly(this.#routing);
    this.#options.log.configure(table.log);
  }

  status(): GatewayStatus {
    const { lagRows, error } = this.#options.log.status();
    return {
      version: this.#routing.table.version,
      inFlight: this.#active.size,
      listen: this.#listening,
      logLagRows: lagRows,
      logError: error,
      unrecorded: this.#unrecorded.total,
    };
  }

  /** Writes counted rows that are due; to be called about every second. */
  async tick(): Promise<void> {
    this.#writeCounted(false);
    await this.#writeSummary();
  }

  /** Stops accepting, lets running requests finish for a while, cuts the rest, and records them all. */
  async stop(drainMs = DRAIN_MS): Promise<void> {
    this.#isStopping = true;
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const server of this.#servers) server.closeIdleConnections();
    for (const { res } of this.#active) res.shouldKeepAlive = false;
    const deadlineMs = this.#options.clock.monotonicMs() + drainMs;
    while (this.#active.size > 0 && this.#options.clock.monotonicMs() < deadlineMs) await this.#pause(20);
    for (const exchange of [...this.#active]) if (!exchange.isClosed) exchange.onCut(stoppingError);
    // The cut ones still have to be told; whoever does not listen any more is not waited for.
    const cutDeadlineMs = this.#options.clock.monotonicMs() + 1_000;
    while (this.#active.size > 0 && this.#options.clock.monotonicMs() < cutDeadlineMs) await this.#pause(20);
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all(closed);
    this.#writeCounted(true);
    // Shutting the log down commits what was handed over, so nothing is waited for here.
    void this.#writeSummary();
    await this.#pools.destroy();
    await this.#options.log.shutdown();
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.#options.clock.after(delayMs, resolve));
  }

  #writeCounted(all: boolean): void {
    const { log, clock } = this.#options;
    for (const { example, count } of this.#context.floods.due(clock.nowMs(), all)) {
      const { error, httpStatus } = example;
      const id = log.open(example.row);
      const outcome = { state: 'rejected', httpStatus, error: error.message, errorCode: error.code } as const;
      void log.close(buildClosedRow(id, outcome, 0, count), noBodies).then((result) => {
        if (!result.ok)
          this.#options.warn({ count }, `rejected requests could not be recorded: ${result.error.message}`);
      });
    }
  }

  /**
   * One row that stands for all that could not be recorded, once the log works again: it keeps what it fails to write and
   * writes it later, so an attempt before would be one more row.
   */
  async #writeSummary(): Promise<void> {
    const pending = this.#unrecorded.pending();
    const { log, clock } = this.#options;
    if (pending === null || this.#isSummarizing || log.status().error !== null) return;
    this.#isSummarizing = true;
    const id = log.open({
      timeMs: pending.sinceMs,
      requestId: `unrecorded-${pending.sinceMs}`,
      method: '',
      route: '(several)',
      clientAddress: null,
      key: null,
      feature: null,
      modelAsked: null,
      stream: false,
    });
    const isRelaxed = this.#routing.table.log.durability === 'relaxed';
    const outcome = {
      state: 'rejected',
      httpStatus: isRelaxed ? null : 503,
      error: `${pending.count} requests were ${isRelaxed ? 'served without a record' : 'refused'} while the log could not be written.`,
      errorCode: 'GATEWAY_RECORD_FAILED',
    } as const;
    const durationMs = clock.nowMs() - pending.sinceMs;
    const result = await log.close(buildClosedRow(id, outcome, durationMs, pending.count), noBodies);
    if (result.ok) this.#unrecorded.summarized(pending.count);
    this.#isSummarizing = false;
  }
}
