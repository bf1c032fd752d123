import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { dataPaths, runnerPaths, socketPath } from '../../electron/base/data-paths.ts';
import { connectLocal } from '../../electron/base/local-socket-client.ts';
import type { LocalClient } from '../../electron/base/local-socket-client.ts';
import { nodePath, programPath } from '../../electron/base/program-files.ts';
import type { RunnerStateFile } from '../../electron/base/runner-state-file.ts';
import { shutdownRunner } from '../../electron/base/shutdown-runner.ts';
import type { ProcessReport } from '../../electron/contract/process-state.ts';
import type { RunnerEvents, RunnerRequests, RunnerSpecFile } from '../../electron/contract/runner-protocol.ts';
import { freePort } from '../fixtures/free-port.ts';
import { processesOf } from '../fixtures/run-processes.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';

export const fakeEngine = path.resolve(import.meta.dirname, '..', 'fakes', 'fake-engine.mjs');

export interface TestRunner {
  readonly dataRoot: string;
  readonly port: number;
  readonly name: string;
  /** Starts one (more) runner process; resolves when it answers. */
  start(): Promise<void>;
  call<K extends keyof RunnerRequests & string>(method: K): Promise<RunnerRequests[K]['result']>;
  report(): Promise<ProcessReport>;
  until(actual: ProcessReport['actual'], also?: (report: ProcessReport) => boolean): Promise<ProcessReport>;
  /** kill -9 of the runner alone. */
  killRunner(): Promise<void>;
  writeSpec(changes: Partial<RunnerSpecFile>): void;
  state(): RunnerStateFile;
  log(run: number): string;
  /** What runners have printed so far. */
  words(): string;
}

/**
 * A runner of its own data directory around the fake engine, not started yet. When the test ends everything is shut down,
 * and the test fails if a process is left.
 */
export async function makeRunner(
  args: readonly string[] = [],
  changes: Partial<RunnerSpecFile> = {},
): Promise<TestRunner> {
  const dataRoot = makeTempDir();
  const name = 'demo';
  const port = await freePort();
  const files = runnerPaths(dataPaths(dataRoot), name);
  const logs = path.join(dataRoot, 'logs', name);
  let words = '';
  let client: LocalClient<RunnerRequests, RunnerEvents> | null = null;
  let spec: RunnerSpecFile = {
    name,
    kind: 'server',
    command: nodePath(),
    args: [fakeEngine, '--port', String(port), ...args],
    env: { PATH: process.env['PATH'] ?? '' },
    cwd: null,
    port,
    host: '127.0.0.1',
    readiness: { kind: 'http', url: `http://127.0.0.1:${port}/health` },
    readyTimeoutMs: 60_000,
    stopGraceMs: 10_000,
    restart: { initialDelayMs: 10, maxDelayMs: 1000, factor: 2, stableAfterMs: 60_000, maxAttempts: 5 },
    log: { directory: logs, capBytes: 1_000_000, keepRuns: 50 },
    fingerprint: 'first',
    wanted: 'running',
    ...changes,
  };
  mkdirSync(files.directory, { recursive: true });

  const runner: TestRunner = {
    dataRoot,
    port,
    name,
    async start() {
      const child = spawn(nodePath(), [programPath('runner'), '--data', dataRoot, '--name', name], {
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.on('data', (text) => (words += String(text)));
      child.stderr.on('data', (text) => (words += String(text)));
      let ended = false;
      child.once('exit', () => (ended = true));
      client?.close();
      client = null;
      await waitFor(
        async () => {
          if (ended) return true;
          const connection = await connectLocal<RunnerRequests, RunnerEvents>(socketPath(dataRoot, `runner-${name}`));
          if (!connection.ok) return false;
          const hello = await connection.value.call('hello', {});
          if (!hello.ok || hello.value.report.runnerPid !== child.pid) {
            connection.value.close();
            return false;
          }
          client = connection.value;
          return true;
        },
        { what: 'the runner to answer' },
      );
      if (ended) throw new Error(`The runner ended: ${words}`);
    },
    async call(method) {
      if (!client) throw new Error('no runner is connected');
      const answer = await client.call(method, {} as never, 60_000);
      if (!answer.ok) throw new Error(answer.error.message);
      // The client's conditional result type is the method's own, which a type parameter does not show.
      return answer.value as never;
    },
    report: () => runner.call('status'),
    until: (actual, also = () => true) =>
      waitFor(
        async () => {
          const report = await runner.report();
          return report.actual === actual && also(report) ? report : null;
        },
        { what: `the process to be ${actual}` },
      ),
    async killRunner() {
      const { runnerPid } = await runner.report();
      process.kill(runnerPid, 'SIGKILL');
      await client?.closed;
    },
    writeSpec(next) {
      spec = { ...spec, ...next };
      writeFileSync(files.spec, JSON.stringify(spec));
    },
    state: () => JSON.parse(readFileSync(files.state, 'utf8')) as RunnerStateFile,
    log: (run) => readFileSync(path.join(logs, `${String(run).padStart(6, '0')}.log`), 'utf8'),
    words: () => words,
  };
  runner.writeSpec({});
  onTestFinished(async () => {
    client?.close();
    await shutdownRunner(dataRoot, name);
    expect(processesOf(dataRoot), 'processes left behind').toEqual([]);
  });
  return runner;
}
