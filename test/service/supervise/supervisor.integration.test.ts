import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listRunners, shutdownRunner } from '../../../electron/base/shutdown-runner.ts';
import { isPortFree } from '../../../electron/base/port-free.ts';
import { nodePath, programPath } from '../../../electron/base/program-files.ts';
import type { ProcessReport } from '../../../electron/contract/process-state.ts';
import type { RunnerSpec } from '../../../electron/contract/runner-protocol.ts';
import { createSupervisor } from '../../../electron/service/supervise/supervisor.ts';
import type { DesiredProcess, Supervisor } from '../../../electron/service/supervise/supervision.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { isLiving, processesOf } from '../../fixtures/run-processes.ts';
import { makeTempDir } from '../../fixtures/temp-dir.ts';
import { waitFor } from '../../fixtures/wait-for.ts';

const fakeEngine = path.resolve(import.meta.dirname, '..', '..', 'fakes', 'fake-engine.mjs');

class Site {
  readonly dataRoot = makeTempDir();
  readonly warnings: string[] = [];
  supervisor: Supervisor;

  constructor() {
    mkdirSync(path.join(this.dataRoot, 'runtime'));
    this.supervisor = this.open();
    onTestFinished(async () => {
      this.supervisor.close();
      await Promise.all(listRunners(this.dataRoot).map((name) => shutdownRunner(this.dataRoot, name)));
      await waitFor(() => processesOf(this.dataRoot).length === 0, { what: 'no process to be left' });
    });
  }

  private open(): Supervisor {
    const runner = { node: nodePath(), program: programPath('runner') };
    return createSupervisor({ dataRoot: this.dataRoot, runner, warn: (text) => this.warnings.push(text) });
  }

  /** A new service in the place of one that died or ended. */
  reopen(): void {
    this.supervisor.close();
    this.supervisor = this.open();
  }

  async desire(name: string, args: readonly string[] = [], changes: Partial<RunnerSpec> = {}): Promise<DesiredProcess> {
    const port = await freePort();
    const spec: RunnerSpec = {
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
      restart: { initialDelayMs: 10, maxDelayMs: 1000, factor: 2, stableAfterMs: 60_000, maxAttempts: 1 },
      log: { directory: path.join(this.dataRoot, 'logs', name), capBytes: 1_000_000, keepRuns: 50 },
      fingerprint: 'first',
      ...changes,
    };
    return { spec, wanted: 'running' };
  }

  report(name: string): ProcessReport | undefined {
    return this.supervisor.processes().find(({ report }) => report.name === name)?.report;
  }

  until(name: string, actual: ProcessReport['actual'], also: (report: ProcessReport) => boolean = () => true) {
    return waitFor(
      () => {
        const report = this.report(name);
        return report?.actual === actual && also(report) ? report : null;
      },
      { what: `${name} to be ${actual}` },
    );
  }
}

describe('the supervisor', () => {
  it('starts what is wanted and a new one adopts the same processes and runners', async () => {
    const site = new Site();
    const desired = [await site.desire('one'), await site.desire('two')];
    await site.supervisor.apply(desired);
    const before = [await site.until('one', 'ready'), await site.until('two', 'ready')];
    site.reopen();
    await site.supervisor.apply(desired);
    const after = site.supervisor.processes().map(({ report }) => report);
    expect(after.map(({ name, actual }) => [name, actual])).toEqual([
      ['one', 'ready'],
      ['two', 'ready'],
    ]);
    expect(after.map(({ pid, runnerPid }) => [pid, runnerPid])).toEqual(
      before.map(({ pid, runnerPid }) => [pid, runnerPid]),
    );
    expect(site.warnings).toEqual([]);
  });

  it('replaces a runner killed with -9, and its process goes on', async () => {
    const site = new Site();
    await site.supervisor.apply([await site.desire('one')]);
    const before = await site.until('one', 'ready');
    process.kill(before.runnerPid, 'SIGKILL');
    const after = await site.until('one', 'ready', ({ runnerPid }) => runnerPid !== before.runnerPid);
    expect(after).toMatchObject({ pid: before.pid, runId: before.runId, restarts: 0 });
  });

  it('tells of every change', async () => {
    const site = new Site();
    const seen: string[] = [];
    site.supervisor.onChange(() => seen.push(site.report('one')?.actual ?? 'unknown'));
    await site.supervisor.apply([await site.desire('one')]);
    await site.until('one', 'ready');
    await site.supervisor.stop('one');
    expect(seen).toEqual(expect.arrayContaining(['starting', 'ready', 'stopping', 'stopped']));
  });

  it('starts, stops and restarts, each answered when it is done', async () => {
    const site = new Site();
    const desired = await site.desire('one', ['--load-ms', '200']);
    await site.supervisor.apply([{ ...desired, wanted: 'stopped' }]);
    expect(site.report('one')).toMatchObject({ actual: 'stopped', wanted: 'stopped' });
    const started = await site.supervisor.start('one');
    expect(started).toMatchObject({ ok: true, value: { actual: 'ready', runNumber: 1 } });
    expect(await site.supervisor.restart('one')).toMatchObject({ ok: true, value: { actual: 'ready', runNumber: 2 } });
    expect(await site.supervisor.stop('one')).toMatchObject({ ok: true, value: { actual: 'stopped', pid: null } });
    expect(await isPortFree('127.0.0.1', desired.spec.port ?? 0)).toBe(true);
    const runs = await site.supervisor.runs('one');
    expect(runs.ok && runs.value.map(({ cause }) => cause)).toEqual(['stopped', 'stopped']);
  });

  it('answers a start that fails with its reason', async () => {
    const site = new Site();
    const desired = await site.desire('one', ['--load-ms', '60000', '--exit-after-ms', '50', '--exit-code', '7']);
    await site.supervisor.apply([{ ...desired, wanted: 'stopped' }]);
    const result = await site.supervisor.start('one');
    expect(result).toMatchObject({ ok: false, error: { code: 'PROCESS_START_FAILED' } });
    expect(!result.ok && result.error.message).toContain('Exited with code 7');
    expect(await site.supervisor.start('nobody')).toMatchObject({ ok: false, error: { code: 'PROCESS_UNKNOWN' } });
  });

  it("keeps an operator's stop until the site file wants something else", async () => {
    const site = new Site();
    const desired = await site.desire('one');
    await site.supervisor.apply([desired]);
    await site.until('one', 'ready');
    await site.supervisor.stop('one');
    site.reopen();
    await site.supervisor.apply([desired]);
    expect(site.report('one')).toMatchObject({ actual: 'stopped', wanted: 'stopped' });
    await site.supervisor.apply([{ ...desired, wanted: 'stopped' }]);
    await site.supervisor.apply([desired]);
    await site.until('one', 'ready');
  });

  it('leaves a running process alone when its spec changes, and says that a restart is needed', async () => {
    const site = new Site();
    const desired = await site.desire('one');
    await site.supervisor.apply([desired]);
    const before = await site.until('one', 'ready');
    expect(site.supervisor.processes()[0]?.restartNeeded).toBe(false);
    await site.supervisor.apply([{ ...desired, spec: { ...desired.spec, fingerprint: 'second' } }]);
    expect(site.supervisor.processes()[0]).toMatchObject({ restartNeeded: true, report: { pid: before.pid } });
    await site.supervisor.restart('one');
    expect(site.supervisor.processes()[0]?.restartNeeded).toBe(false);
  });

  it('stops and forgets what is no longer desired, also when a former service left it', async () => {
    const site = new Site();
    const [one, two] = [await site.desire('one'), await site.desire('two')];
    await site.supervisor.apply([one, two]);
    const { pid, runnerPid } = await site.until('two', 'ready');
    site.reopen();
    await site.supervisor.apply([one]);
    await waitFor(() => !isLiving(pid ?? 0) && !isLiving(runnerPid));
    await waitFor(() => listRunners(site.dataRoot).length === 1);
    expect(listRunners(site.dataRoot)).toEqual(['one']);
    expect(readdirSync(path.join(site.dataRoot, 'logs', 'two'))).toContain('000001.log');
  });

  it('stops everything, the gateway last', async () => {
    const site = new Site();
    const gateway = await site.desire('gateway', [], { kind: 'gateway' });
    await site.supervisor.apply([gateway, await site.desire('one', ['--child', 'escaping'], { stopGraceMs: 200 })]);
    await site.until('one', 'ready');
    await site.until('gateway', 'ready');
    const ends: string[] = [];
    site.supervisor.onChange(() => {
      for (const { report } of site.supervisor.processes()) {
        if (report.actual === 'stopped' && !ends.includes(report.name)) ends.push(report.name);
      }
    });
    expect(await site.supervisor.shutdownAll()).toEqual({ ok: true, value: ['one', 'gateway'] });
    expect(ends).toEqual(['one', 'gateway']);
    expect(processesOf(site.dataRoot)).toEqual([]);
  });

  it('replaces a runner that lives and does not answer', async () => {
    const site = new Site();
    await site.supervisor.apply([await site.desire('one')]);
    const before = await site.until('one', 'ready');
    process.kill(before.runnerPid, 'SIGSTOP');
    const after = await site.until('one', 'ready', ({ runnerPid }) => runnerPid !== before.runnerPid);
    expect(after.pid).toBe(before.pid);
    expect(site.warnings.join()).toContain('does not answer and is replaced');
  });
});
