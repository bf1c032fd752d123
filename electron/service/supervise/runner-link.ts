import { setTimeout as sleep } from 'node:timers/promises';
import { socketPath } from '../../base/data-paths.ts';
import type { LocalClient } from '../../base/local-socket-client.ts';
import { connectLocal } from '../../base/local-socket-client.ts';
import type { ProcessIdentity, ProcessTrees } from '../../base/process-tree.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { fail } from '../../contract/outpost-error.ts';
import type { ProcessReport } from '../../contract/process-state.ts';
import type { RunnerEvents, RunnerRequests, RunnerSpecFile } from '../../contract/runner-protocol.ts';
import type { RunnerProgram } from './runner-process.ts';
import { startRunner } from './runner-process.ts';

/** How long a started runner has to answer; a busy machine takes seconds to start a Node. */
const START_MS = 15_000;
const START_POLL_MS = 50;
/** Not reached for this long: its process is called lost. A replaced runner is mostly faster. */
const LOST_AFTER_MS = 1500;
const RETRY_MS = 2000;
const HEARTBEAT_MS = 4000;
const HELLO_MS = 10_000;

export interface RunnerLinkParts {
  readonly dataRoot: string;
  readonly runner: RunnerProgram;
  readonly trees: ProcessTrees;
  /** The report or the reachability has changed. */
  onChange(): void;
  warn(text: string): void;
}

/**
 * The connection to one runner: reaches it or starts it, replaces it when it dies or no longer answers, and remembers
 * what it last said.
 */
export class RunnerLink {
  readonly name: string;
  readonly #parts: RunnerLinkParts;
  readonly #listeners = new Set<(report: ProcessReport) => void>();
  #spec: RunnerSpecFile;
  #client: LocalClient<RunnerRequests, RunnerEvents> | null = null;
  #report: ProcessReport | null = null;
  #runner: ProcessIdentity | null = null;
  #isLost = false;
  #lostReason = '';
  /** No runner is started any more; the connection may go on until it ends. */
  #ending = false;
  /** Nothing tries to reach the runner any more. */
  #isLeft = false;
  readonly #stopped = new AbortController();
  /** Those who wait for the runner to be reached, or for the first attempt to have failed. */
  #waiting: (() => void)[] = [];

  constructor(spec: RunnerSpecFile, parts: RunnerLinkParts) {
    this.name = spec.name;
    this.#spec = spec;
    this.#parts = parts;
    void this.#maintain().finally(() => {
      this.#isLeft = true;
      this.#wake();
    });
  }

  setSpec(spec: RunnerSpecFile): void {
    this.#spec = spec;
  }

  /** What the runner last said; `lost` while it cannot be reached. */
  report(): ProcessReport {
    const { name, kind, port, wanted } = this.#spec;
    const last = this.#report ?? { name, kind, port, wanted, ...nothingKnown };
    if (!this.#isLost && this.#report) return last;
    const reason = this.#isLost
      ? `Its runner does not answer${this.#lostReason ? ` (${this.#lostReason})` : ''}; it is being replaced. The process itself goes on.`
      : null;
    return { ...last, wanted: this.#report?.wanted ?? wanted, actual: 'lost', reason };
  }

  /** False until the runner has been reached once, or could not be. */
  isKnown(): boolean {
    return this.#report !== null || this.#isLost;
  }

  restartNeeded(): boolean {
    const report = this.#report;
    const runs = report?.actual === 'starting' || report?.actual === 'ready' || report?.actual === 'degraded';
    return runs && report.runFingerprint != null && report.runFingerprint !== this.#spec.fingerprint;
  }

  /** Called with every report, until the returned function is called. */
  onReport(listener: (report: ProcessReport) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when the runner is connected, when a first attempt to start it has failed, or when it was let end. */
  async reached(): Promise<void> {
    if (this.#client || this.#isLeft || this.#stopped.signal.aborted) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** RUNNER_UNREACHABLE when there is no connection within the time a runner takes to start. */
  async call<K extends keyof RunnerRequests>(
    method: K,
    timeoutMs = 10_000,
  ): Promise<Result<RunnerRequests[K]['result']>> {
    await this.reached();
    if (!this.#client && this.#ending) {
      return fail(
        'RUNNER_UNREACHABLE',
        `${this.name} is being shut down, and so is what supervises it.`,
        'Start the service again to have it supervised.',
      );
    }
    if (!this.#client) {
      return fail(
        'RUNNER_UNREACHABLE',
        `The runner of ${this.name} does not answer${this.#lostReason ? `: ${this.#lostReason}` : ''}.`,
        `It is started again by itself. Its own log is logs/${this.name}/runner.log in the data directory.`,
      );
    }
    // The result type follows the method, which the client's conditional types do not show through a type parameter.
    return this.#client.call(method, {} as never, timeoutMs) as Promise<Result<RunnerRequests[K]['result']>>;
  }

  /** From now on a runner that ends is not replaced. */
  letEnd(): void {
    this.#ending = true;
  }

  close(): void {
    this.#ending = true;
    this.#stopped.abort();
    this.#client?.close();
    this.#wake();
  }

  async #maintain(): Promise<void> {
    while (!this.#ending) {
      if (await this.#connect()) {
        await this.#stay();
        continue;
      }
      try {
        startRunner(this.#parts.runner, this.#parts.dataRoot, this.name, this.#spec.log.directory);
      } catch (error) {
        this.#lostReason = `it cannot be started: ${(error as Error).message}`;
      }
      const deadlineMs = performance.now() + START_MS;
      while (!this.#ending && !(await this.#connect()) && performance.now() < deadlineMs)
        await this.#pause(START_POLL_MS);
      if (this.#client) await this.#stay();
      else if (!this.#ending) {
        this.#setLost(true);
        this.#wake();
        await this.#endStuckRunner();
        await this.#pause(RETRY_MS);
      }
    }
  }

  async #connect(): Promise<boolean> {
    if (this.#client) return true;
    const { dataRoot } = this.#parts;
    const connection = await connectLocal<RunnerRequests, RunnerEvents>(socketPath(dataRoot, `runner-${this.name}`));
    if (!connection.ok) return false;
    const client = connection.value;
    const reports: ProcessReport[] = [];
    const stopEarly = client.on('report', (report) => reports.push(report));
    const hello = await client.call('hello', {}, HELLO_MS);
    const runner = hello.ok ? await this.#parts.trees.identify(hello.value.report.runnerPid) : null;
    stopEarly();
    if (!hello.ok || this.#stopped.signal.aborted) {
      this.#lostReason = hello.ok ? '' : hello.error.message;
      client.close();
      return false;
    }
    const report = reports.at(-1) ?? hello.value.report;
    this.#client = client;
    this.#runner = runner;
    client.on('report', (next) => this.#take(next));
    this.#isLost = false;
    this.#lostReason = '';
    this.#take(report);
    this.#wake();
    return true;
  }

  /** Returns when the connection has ended. */
  async #stay(): Promise<void> {
    const client = this.#client;
    if (!client) return;
    const heartbeat = setInterval(() => void this.#checkPulse(client), HEARTBEAT_MS);
    heartbeat.unref();
    await client.closed;
    clearInterval(heartbeat);
    this.#client = null;
    const lost = setTimeout(() => {
      if (!this.#client && !this.#ending) this.#setLost(true);
    }, LOST_AFTER_MS);
    lost.unref();
  }

  async #checkPulse(client: LocalClient<RunnerRequests, RunnerEvents>): Promise<void> {
    const answer = await client.call('status', {}, HEARTBEAT_MS);
    if (answer.ok || answer.error.code !== 'TIMED_OUT' || this.#client !== client) return;
    this.#lostReason = answer.error.message;
    this.#setLost(true);
    await this.#endStuckRunner();
    client.close();
  }

  /** A runner that lives and does not answer keeps the next one from taking its place; its process does not notice. */
  async #endStuckRunner(): Promise<void> {
    if (!this.#runner || !(await this.#parts.trees.isAlive(this.#runner))) return;
    this.#parts.warn(`The runner of ${this.name} (process ${this.#runner.pid}) does not answer and is replaced.`);
    await this.#parts.trees.signal(this.#runner, 'SIGKILL').catch((error: Error) => this.#parts.warn(error.message));
  }

  #take(report: ProcessReport): void {
    this.#report = report;
    for (const listener of [...this.#listeners]) listener(report);
    this.#parts.onChange();
  }

  #setLost(isLost: boolean): void {
    if (this.#isLost === isLost) return;
    this.#isLost = isLost;
    this.#parts.onChange();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  async #pause(delayMs: number): Promise<void> {
    // Closing ends the wait early, which is all that a rejection means here.
    await sleep(delayMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
  }
}

const nothingKnown = {
  actual: 'lost',
  pid: null,
  runnerPid: 0,
  restarts: 0,
  spawnedAtMs: null,
  readyAtMs: null,
  nextAttemptAtMs: null,
  reason: null,
  runId: null,
  runNumber: 0,
} as const;
