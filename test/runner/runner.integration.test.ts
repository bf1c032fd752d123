import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { socketPath } from '../../electron/base/data-paths.ts';
import { shutdownRunner } from '../../electron/base/shutdown-runner.ts';
import { isPortFree } from '../../electron/base/port-free.ts';
import { nodePath, programPath } from '../../electron/base/program-files.ts';
import { isLiving, processesOf } from '../fixtures/run-processes.ts';
import { spawnCommand } from '../fixtures/spawn-program.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { fakeEngine, makeRunner } from './start-runner.ts';

describe('a run', () => {
  it('is ready when its health check has answered, in a session of its own, with its output in its log', async () => {
    const runner = await makeRunner(['--load-ms', '300', '--say', 'hello from the engine']);
    await runner.start();
    const report = await runner.until('ready');
    expect(report).toMatchObject({ name: 'demo', kind: 'server', wanted: 'running', restarts: 0, port: runner.port });
    expect(report.readyAtMs).toBeGreaterThan((report.spawnedAtMs ?? 0) + 250);
    expect(runner.log(1)).toContain('hello from the engine');
    expect(runner.state()).toMatchObject({ run: { leader: { pid: report.pid }, port: runner.port } });
  });

  it('is started again after kill -9, with the reason, and its end is remembered', async () => {
    const runner = await makeRunner();
    await runner.start();
    const before = await runner.until('ready');
    process.kill(before.pid ?? 0, 'SIGKILL');
    const after = await runner.until('ready', (report) => report.runNumber === 2);
    expect(after.restarts).toBe(1);
    expect(after.reason).toMatch(/^Restarted: the run before was killed \(signal 9\) after /);
    const runs = await runner.call('runs');
    expect(runs).toHaveLength(2);
    expect(runs[0]).toMatchObject({ cause: 'exited', signal: 'SIGKILL', exitCode: null, pid: before.pid });
  });

  it('that keeps ending before it is ready is given up on, with its last words', async () => {
    const runner = await makeRunner(['--load-ms', '60000', '--exit-after-ms', '50', '--exit-code', '3'], {
      restart: { initialDelayMs: 10, maxDelayMs: 50, factor: 2, stableAfterMs: 60_000, maxAttempts: 3 },
    });
    await runner.start();
    const report = await runner.until('failed');
    expect(report.reason).toMatch(
      /^Given up after 3 attempts in a row\. Exited with code 3 after .*before it was ready/,
    );
    expect(report.reason).toContain('fake engine gives up: the last words');
    expect((await runner.call('runs')).map((run) => run.cause)).toEqual(Array(3).fill('start-failed'));
  });

  it('that cannot be spawned is failed in words that say what to do', async () => {
    const once = { initialDelayMs: 10, maxDelayMs: 50, factor: 2, stableAfterMs: 60_000, maxAttempts: 1 };
    const runner = await makeRunner([], { command: '/nowhere/vllm', restart: once });
    await runner.start();
    expect((await runner.until('failed')).reason).toContain('the program /nowhere/vllm was not found. Install it');
    expect(runner.log(1)).toContain('[outpost] Could not be started');

    const file = path.join(runner.dataRoot, 'not-executable');
    writeFileSync(file, 'text', { mode: 0o600 });
    runner.writeSpec({ command: file });
    await runner.call('start');
    const denied = await runner.until('failed', (report) => report.runNumber === 2);
    expect(denied.reason).toContain('may not be executed (permission denied)');

    runner.writeSpec({ command: nodePath(), cwd: '/nowhere' });
    await runner.call('start');
    const homeless = await runner.until('failed', (report) => report.runNumber === 3);
    expect(homeless.reason).toContain('its working folder /nowhere does not exist');
  });

  it('is not started on a port that another process holds, and the reason names it', async () => {
    const runner = await makeRunner([], {
      restart: { initialDelayMs: 10, maxDelayMs: 50, factor: 2, stableAfterMs: 60_000, maxAttempts: 1 },
    });
    const squatter = spawnCommand(nodePath(), [fakeEngine, '--port', String(runner.port)]);
    await waitFor(async () => !(await isPortFree('127.0.0.1', runner.port)));
    await runner.start();
    const report = await runner.until('failed');
    expect(report.reason).toContain(`port ${runner.port} is in use by process ${squatter.pid} (`);
    expect(report.reason).toContain('fake-engine.mjs');
  });

  it('is not taken for ready because another process answers on its port', async () => {
    const runner = await makeRunner(['--load-ms', '3600000']);
    await runner.start();
    await runner.until('starting', (report) => report.pid !== null);
    const other = spawnCommand(nodePath(), [fakeEngine, '--port', String(runner.port)]);
    await waitFor(
      () => {
        const { phase } = runner.state().machine as { phase: { note?: string } };
        return phase.note?.includes(`is answered by process ${other.pid}`);
      },
      { what: 'the runner to notice the other process' },
    );
    expect((await runner.report()).actual).toBe('starting');
  });

  it('is degraded while its health check fails, and ready again after that', async () => {
    const runner = await makeRunner(['--unhealthy-file', 'PLACE']);
    const file = path.join(runner.dataRoot, 'unhealthy');
    runner.writeSpec({ args: [fakeEngine, '--port', String(runner.port), '--unhealthy-file', file] });
    await runner.start();
    await runner.until('ready');
    writeFileSync(file, '');
    const report = await runner.until('degraded');
    expect(report.reason).toMatch(/^Its health check has failed for \d+ s: \/health answered 503\.$/);
    rmSync(file);
    expect((await runner.until('ready')).pid).toBe(report.pid);
  });
});

describe('a stop', () => {
  it.each([
    ['a polite process', []],
    ['a process with a child', ['--child', 'plain']],
    ['a process that ignores SIGTERM', ['--ignore-sigterm']],
    ['a process with a child that ignores SIGTERM', ['--child', 'stubborn']],
  ])('leaves nothing of %s', async (_what, args) => {
    const runner = await makeRunner(args, { stopGraceMs: 300 });
    await runner.start();
    const { pid } = await runner.until('ready');
    await runner.call('stop');
    const stopped = await runner.until('stopped');
    expect(stopped).toMatchObject({ wanted: 'stopped', pid: null });
    expect(isLiving(pid ?? 0)).toBe(false);
    expect(processesOf(runner.dataRoot)).toEqual([stopped.runnerPid]);
    expect(await isPortFree('127.0.0.1', runner.port)).toBe(true);
  });

  it('finds children that have left the session and dropped the environment', async () => {
    const runner = await makeRunner(['--child', 'escaping'], { stopGraceMs: 300 });
    await runner.start();
    await runner.until('ready');
    const escaped = await waitFor(() => runner.state().descendants[0], { what: 'the child to be recorded' });
    expect(isLiving(escaped.pid)).toBe(true);
    await runner.call('stop');
    await runner.until('stopped');
    expect(isLiving(escaped.pid)).toBe(false);
  });

  it('also follows a crash, before the next run', async () => {
    const runner = await makeRunner(['--child', 'stubborn']);
    await runner.start();
    const first = await runner.until('ready');
    const children = processesOf(runner.dataRoot).filter((pid) => pid !== first.pid && pid !== first.runnerPid);
    expect(children).toHaveLength(1);
    process.kill(first.pid ?? 0, 'SIGKILL');
    await runner.until('ready', (report) => report.runNumber === 2);
    expect(isLiving(children[0] ?? 0)).toBe(false);
  });
});

describe('a runner', () => {
  it('killed with -9 leaves its process alone, and the next one adopts it and can still stop it', async () => {
    const runner = await makeRunner(['--child', 'plain']);
    await runner.start();
    const before = await runner.until('ready');
    await runner.killRunner();
    expect(isLiving(before.pid ?? 0)).toBe(true);
    await runner.start();
    const after = await runner.report();
    expect(after).toMatchObject({ actual: 'ready', pid: before.pid, runId: before.runId, restarts: 0 });
    expect(after.runnerPid).not.toBe(before.runnerPid);
    await runner.call('stop');
    await runner.until('stopped');
    expect(processesOf(runner.dataRoot)).toEqual([after.runnerPid]);
  });

  it('notices the end of a process that it has adopted, with its exit status unknown', async () => {
    const runner = await makeRunner();
    await runner.start();
    const before = await runner.until('ready');
    await runner.killRunner();
    await runner.start();
    process.kill(before.pid ?? 0, 'SIGKILL');
    await runner.until('ready', (report) => report.runNumber === 2);
    expect((await runner.call('runs'))[0]).toMatchObject({ cause: 'unknown', exitCode: null, signal: null });
  });

  it('finds a process that its predecessor has spawned and not recorded', async () => {
    const runner = await makeRunner();
    await runner.start();
    const before = await runner.until('ready');
    await runner.killRunner();
    // What is on disk between the decision to spawn and its result.
    const state = runner.state();
    const { run, machine } = state as unknown as { run: { runId: string }; machine: object };
    const phase = { name: 'spawning', runId: run.runId, again: false };
    const file = path.join(runner.dataRoot, 'runtime', 'runners', 'demo', 'state.json');
    writeFileSync(file, JSON.stringify({ ...state, run: { ...run, leader: null }, machine: { ...machine, phase } }));
    await runner.start();
    expect((await runner.until('ready')).pid).toBe(before.pid);
  });

  it('starts again what ended while no runner was there, and ends what is left of it first', async () => {
    const runner = await makeRunner(['--child', 'stubborn']);
    await runner.start();
    const before = await runner.until('ready');
    await runner.killRunner();
    process.kill(before.pid ?? 0, 'SIGKILL');
    const children = await waitFor(() => {
      const found = processesOf(runner.dataRoot);
      return found.length === 1 ? found : null;
    });
    await runner.start();
    await runner.until('ready', (report) => report.runNumber === 2);
    expect(isLiving(children[0] ?? 0)).toBe(false);
  });

  it('that is told to end lets its process live', async () => {
    const runner = await makeRunner();
    await runner.start();
    const { runnerPid, pid } = await runner.until('ready');
    process.kill(runnerPid, 'SIGTERM');
    await waitFor(() => !isLiving(runnerPid));
    expect(isLiving(pid ?? 0)).toBe(true);
  });

  it('is alone: a second one for the same process ends with a message', async () => {
    const runner = await makeRunner();
    await runner.start();
    const args = [programPath('runner'), '--data', runner.dataRoot, '--name', 'demo'];
    const second = spawnCommand(nodePath(), args);
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.stderr()).toContain('Another runner supervises demo already');
  });

  it('makes its socket again when somebody removes it', async () => {
    const runner = await makeRunner();
    await runner.start();
    const address = socketPath(runner.dataRoot, 'runner-demo');
    rmSync(address);
    await waitFor(() => existsSync(address));
    const probe = net.connect(address);
    onTestFinished(() => void probe.destroy());
    await new Promise<void>((resolve, reject) => probe.once('connect', resolve).once('error', reject));
  });

  it('answers unknown requests and refuses illegal ones', async () => {
    const runner = await makeRunner(['--ignore-sigterm'], { stopGraceMs: 60_000 });
    await runner.start();
    await runner.until('ready');
    await expect(runner.call('dance' as never)).rejects.toThrow('does not know the request "dance"');
    await runner.call('stop');
    expect(await runner.call('restart')).toMatchObject({ error: { code: 'ILLEGAL_TRANSITION' } });
    process.kill((await runner.report()).pid ?? 0, 'SIGKILL');
    await runner.until('stopped');
  });

  it('keeps what the operator wanted over its own end, until the spec wants something else', async () => {
    const runner = await makeRunner();
    await runner.start();
    await runner.until('ready');
    await runner.call('stop');
    await runner.until('stopped');
    await runner.killRunner();
    await runner.start();
    await runner.call('reload');
    expect(await runner.report()).toMatchObject({ wanted: 'stopped', actual: 'stopped' });
    runner.writeSpec({ wanted: 'stopped' });
    await runner.call('reload');
    runner.writeSpec({ wanted: 'running', fingerprint: 'second' });
    await runner.call('reload');
    expect(await runner.until('ready')).toMatchObject({ runFingerprint: 'second' });
  });
});

describe('a changed spec', () => {
  it('is what the next run is started from, and what it wants is not missed when a crash comes first', async () => {
    const runner = await makeRunner();
    await runner.start();
    const before = await runner.until('ready');
    runner.writeSpec({ wanted: 'stopped', fingerprint: 'second' });
    process.kill(before.pid ?? 0, 'SIGKILL');
    expect(await runner.until('ready', (report) => report.runNumber === 2)).toMatchObject({ runFingerprint: 'second' });
    await runner.call('reload');
    await runner.until('stopped');
  });
});

describe('a log', () => {
  it('is kept under its cap with a mark, without losing its end', async () => {
    const runner = await makeRunner(['--lines', '200000'], {
      log: { directory: '', capBytes: 300_000, keepRuns: 50 },
    });
    const directory = path.join(runner.dataRoot, 'logs', 'demo');
    runner.writeSpec({ log: { directory, capBytes: 300_000, keepRuns: 50 } });
    await runner.start();
    await runner.until('ready');
    const text = await waitFor(() => {
      const log = runner.log(1);
      return log.length < 300_000 && log.endsWith('line 200000\n') ? log : null;
    });
    const [mark, ...lines] = text.split('\n');
    expect(mark).toMatch(/^\[outpost\] \d+ bytes of older output were cut off here/);
    const numbers = lines.slice(0, -1).map((line) => Number(/^line (\d+)$/.exec(line)?.[1]));
    expect(numbers.every((number, index) => index === 0 || number === (numbers[index - 1] ?? 0) + 1)).toBe(true);
  });

  it('of old runs is removed', async () => {
    const runner = await makeRunner();
    const directory = path.join(runner.dataRoot, 'logs', 'demo');
    runner.writeSpec({ log: { directory, capBytes: 300_000, keepRuns: 2 } });
    await runner.start();
    for (let run = 1; run <= 3; run++) {
      await runner.until('ready', (report) => report.runNumber === run);
      if (run < 3) await runner.call('restart');
    }
    expect(readdirSync(directory).filter((name) => name.endsWith('.log'))).toEqual(['000002.log', '000003.log']);
  });
});

describe('shutting a runner down from outside', () => {
  it('stops its process and ends it', async () => {
    const runner = await makeRunner(['--child', 'plain']);
    await runner.start();
    await runner.until('ready');
    expect(await shutdownRunner(runner.dataRoot, 'demo')).toEqual({ ok: true, value: undefined });
    expect(processesOf(runner.dataRoot)).toEqual([]);
    expect(await isPortFree('127.0.0.1', runner.port)).toBe(true);
  });

  it('works with the runner dead, also on children that escaped, and the next runner starts again what was wanted', async () => {
    const runner = await makeRunner(['--child', 'escaping'], { stopGraceMs: 300 });
    await runner.start();
    const before = await runner.until('ready');
    const escaped = await waitFor(() => runner.state().descendants[0]);
    await runner.killRunner();
    expect(await shutdownRunner(runner.dataRoot, 'demo')).toEqual({ ok: true, value: undefined });
    expect(isLiving(before.pid ?? 0) || isLiving(escaped.pid)).toBe(false);
    expect(await isPortFree('127.0.0.1', runner.port)).toBe(true);
    await runner.start();
    await runner.until('ready', (report) => report.runNumber === 2 && report.restarts === 0);
    expect((await runner.call('runs'))[0]?.cause).toBe('stopped');
  });

  it('has nothing to do where nothing ever ran', async () => {
    expect(await shutdownRunner(makeTempDir(), 'demo')).toEqual({ ok: true, value: undefined });
  });
});
