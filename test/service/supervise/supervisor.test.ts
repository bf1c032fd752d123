import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { socketPath } from '../../../electron/base/data-paths.ts';
import { serveLocal } from '../../../electron/base/local-socket.ts';
import type { ProcessReport } from '../../../electron/contract/process-state.ts';
import type { RunnerEvents, RunnerRequests, RunnerSpec } from '../../../electron/contract/runner-protocol.ts';
import { RUNNER_PROTOCOL_VERSION } from '../../../electron/contract/runner-protocol.ts';
import { createSupervisor } from '../../../electron/service/supervise/supervisor.ts';
import { makeTempDir } from '../../fixtures/temp-dir.ts';
import { waitFor } from '../../fixtures/wait-for.ts';

const spec: RunnerSpec = {
  name: 'one',
  kind: 'server',
  command: 'one',
  args: [],
  env: {},
  cwd: null,
  port: null,
  host: '127.0.0.1',
  readiness: { kind: 'spawned' },
  readyTimeoutMs: 60_000,
  stopGraceMs: 10_000,
  restart: { initialDelayMs: 10, maxDelayMs: 1000, factor: 2, stableAfterMs: 60_000, maxAttempts: 1 },
  log: { directory: '', capBytes: 1_000_000, keepRuns: 50 },
  fingerprint: 'first',
};

function reportOf(actual: ProcessReport['actual'], wanted: ProcessReport['wanted']): ProcessReport {
  return {
    name: 'one',
    kind: 'server',
    wanted,
    actual,
    pid: null,
    runnerPid: process.pid,
    port: null,
    restarts: 0,
    spawnedAtMs: null,
    readyAtMs: null,
    nextAttemptAtMs: null,
    reason: null,
    runId: 'run',
    runNumber: 1,
    runFingerprint: 'first',
  };
}

/** A supervisor, and a runner that answers from within the test. */
async function makeSite(onStop: (tell: (report: ProcessReport) => void) => ProcessReport) {
  const dataRoot = makeTempDir();
  mkdirSync(path.join(dataRoot, 'runtime'));
  const ready = reportOf('ready', 'running');
  const answer = () => ({ report: ready, error: null });
  const served = await serveLocal<RunnerRequests, RunnerEvents>(socketPath(dataRoot, 'runner-one'), {
    hello: () => ({ protocol: RUNNER_PROTOCOL_VERSION, version: '0.1.0', report: ready, fingerprint: 'first' }),
    status: () => ready,
    runs: () => [],
    reload: () => ready,
    start: answer,
    stop: () => ({ report: onStop((report) => runner.broadcast('report', report)), error: null }),
    restart: answer,
    shutdown: () => ({ error: null }),
  });
  if (!served.ok) throw new Error(served.error.message);
  const runner = served.value;
  const noProgram = { node: path.join(dataRoot, 'no-node'), program: path.join(dataRoot, 'no-program') };
  const supervisor = createSupervisor({ dataRoot, runner: noProgram, warn: () => undefined });
  onTestFinished(async () => {
    supervisor.close();
    await runner.close();
  });
  await supervisor.apply([{ spec: { ...spec, log: { ...spec.log, directory: dataRoot } }, wanted: 'running' }]);
  return { supervisor, runner };
}

it('sees a stop that was done before its answer was read', async () => {
  const stopped = reportOf('stopped', 'stopped');
  const { supervisor } = await makeSite((tell) => {
    // Written before the answer can be read, so that both are read at once.
    setImmediate(() => tell(stopped));
    return reportOf('stopping', 'stopped');
  });
  expect(await supervisor.stop('one')).toMatchObject({ ok: true, value: { actual: 'stopped' } });
});

it('refuses a start, rather than waiting for ever, once everything is shut down', async () => {
  const { supervisor, runner } = await makeSite(() => reportOf('stopping', 'stopped'));
  expect(await supervisor.shutdownAll()).toEqual({ ok: true, value: ['one'] });
  await runner.close();
  const refusal = await waitFor(async () => {
    const started = await supervisor.start('one');
    return !started.ok && started.error.code === 'RUNNER_UNREACHABLE' ? started.error : null;
  });
  expect(refusal.action).toBe('Start the service again to have it supervised.');
});
