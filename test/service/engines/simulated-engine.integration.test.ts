import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isPortFree } from '../../../electron/base/port-free.ts';
import { nodePath, programPath } from '../../../electron/base/program-files.ts';
import { serverSchema } from '../../../electron/contract/site-schema.ts';
import { buildSpec } from '../../../electron/service/engines/build-spec.ts';
import { createProcessLogs } from '../../../electron/service/supervise/process-logs.ts';
import { createSupervisor } from '../../../electron/service/supervise/supervisor.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { isLiving, processesOf } from '../../fixtures/run-processes.ts';
import { makeTempDir } from '../../fixtures/temp-dir.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { makeContext } from './launch-context.ts';

/** The simulated engine with these flags, supervised as a site would. */
async function superviseSimulator(args: Record<string, string | number | boolean>, stopGraceMs = 10_000) {
  const dataRoot = makeTempDir();
  mkdirSync(path.join(dataRoot, 'runtime'));
  const port = await freePort();
  const server = serverSchema.parse({ name: 'demo', engine: 'simulated', serves: ['demo-chat'], args });
  const context = makeContext({ dataRoot, port, nodePath: nodePath(), programPath, baseEnv: process.env });
  const spec = buildSpec(server, context);
  if (!spec.ok) throw new Error(spec.error.message);
  const runner = { node: nodePath(), program: programPath('runner') };
  const supervisor = createSupervisor({ dataRoot, runner, warn: () => undefined });
  onTestFinished(async () => {
    await supervisor.shutdownAll();
    supervisor.close();
    expect(processesOf(dataRoot), 'processes left behind').toEqual([]);
  });
  await supervisor.apply([{ spec: { ...spec.value, stopGraceMs }, wanted: 'stopped' }]);
  return { dataRoot, port, supervisor, logs: createProcessLogs(dataRoot) };
}

describe('a supervised simulated server', () => {
  it('loads, answers only with the key of the gateway, and stops without a trace', async () => {
    const { port, supervisor, logs, dataRoot } = await superviseSimulator({ 'load-seconds': 0.3 });
    const started = await supervisor.start('demo');
    expect(started).toMatchObject({ ok: true, value: { actual: 'ready', port } });
    const models = `http://127.0.0.1:${port}/v1/models`;
    expect((await fetch(models)).status).toBe(401);
    expect((await fetch(models, { headers: { authorization: 'Bearer upstream-key' } })).status).toBe(200);
    const log = await logs.read({ name: 'demo', run: null, fromOffset: null, lines: 500 });
    expect(log.ok && log.value.text).toMatch(/simulated/i);
    expect(log.ok && log.value.text).not.toContain('upstream-key');
    expect(await supervisor.stop('demo')).toMatchObject({ ok: true, value: { actual: 'stopped' } });
    expect(await isPortFree('127.0.0.1', port)).toBe(true);
    expect(processesOf(dataRoot)).toHaveLength(1);
  });

  it('that ignores SIGTERM and whose children escape is stopped without a trace as well', async () => {
    const faults = { 'load-seconds': 0.1, 'fault-ignore-sigterm': true, 'fault-escaping-children': 2 };
    const { port, supervisor, dataRoot } = await superviseSimulator(faults, 300);
    await supervisor.start('demo');
    expect(await supervisor.stop('demo')).toMatchObject({ ok: true, value: { actual: 'stopped' } });
    expect(await isPortFree('127.0.0.1', port)).toBe(true);
    expect(processesOf(dataRoot)).toHaveLength(1);
  });

  it('that runs out of GPU memory at its start is failed with what its log says', async () => {
    const { supervisor } = await superviseSimulator({ 'load-seconds': 0.1, 'fault-oom-at-start': true });
    const started = await supervisor.start('demo');
    expect(started).toMatchObject({ ok: false, error: { code: 'PROCESS_START_FAILED' } });
    expect(!started.ok && started.error.message).toMatch(/out of memory|Engine core initialization failed/);
  });

  it('killed with -9 is ready again within seconds, and the log of each run is kept', async () => {
    const { supervisor, logs } = await superviseSimulator({ 'load-seconds': 0.1 });
    const started = await supervisor.start('demo');
    const pid = started.ok ? (started.value.pid ?? 0) : 0;
    process.kill(pid, 'SIGKILL');
    const report = await waitFor(() => {
      const found = supervisor.processes()[0]?.report;
      return found?.actual === 'ready' && found.runNumber === 2 ? found : null;
    });
    expect(report.reason).toContain('was killed (signal 9)');
    expect(isLiving(pid)).toBe(false);
    expect(await logs.read({ name: 'demo', run: 1, fromOffset: null, lines: 5 })).toMatchObject({ ok: true });
  });
});
