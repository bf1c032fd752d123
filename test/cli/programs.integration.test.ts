import { describe, expect, it } from 'vitest';
import { nodePath, programPath } from '../../electron/base/program-files.ts';
import type { RequestSummary } from '../../electron/contract/request-row.ts';
import { processesOf } from '../fixtures/drive-site.ts';
import { startDemoSite } from '../fixtures/running-site.ts';
import { runProgram, spawnCommand, spawnProgram } from '../fixtures/spawn-program.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';

describe('serve', () => {
  it('hands the service its signals and has its exit code', async () => {
    const data = makeTempDir();
    const serve = spawnProgram('cli', { args: ['serve', '--control', '127.0.0.1:0', '--data', data] });
    const line = await waitFor(() => serve.stdout().split('\n')[0] || null, { what: 'the ready line' });
    const ready = JSON.parse(line) as { event: string; pid: number; data: string; token: string };
    expect(ready).toMatchObject({ event: 'ready', data, token: expect.any(String) });
    expect(ready.pid).not.toBe(serve.pid);

    const second = await runProgram('cli', { args: ['serve', '--control', '127.0.0.1:0', '--data', data] });
    expect(second.code).toBe(1);
    expect(JSON.parse(second.stdout)).toMatchObject({ error: { code: 'DATA_DIRECTORY_IN_USE' } });

    serve.child.kill('SIGTERM');
    expect(await serve.exited).toEqual({ code: 0, signal: null });
    expect(() => process.kill(ready.pid, 0)).toThrow();
  });

  it('ends as the service does when that is killed', async () => {
    const data = makeTempDir();
    const serve = spawnProgram('cli', { args: ['serve', '--control', '127.0.0.1:0', '--data', data] });
    const line = await waitFor(() => serve.stdout().split('\n')[0] || null, { what: 'the ready line' });
    process.kill((JSON.parse(line) as { pid: number }).pid, 'SIGKILL');
    expect(await serve.exited).toEqual({ code: 137, signal: null });
  });

  it('refuses wrong addresses as wrong use', async () => {
    const run = await runProgram('cli', { args: ['serve', '--control', 'nonsense', '--data', makeTempDir()] });
    expect(run.code).toBe(2);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'USAGE' } });
  });
});

describe('simulate', () => {
  it('passes every flag on and has the exit code of the engine', async () => {
    const help = await runProgram('cli', { args: ['simulate', '--help'] });
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--max-num-seqs');
    expect((await runProgram('cli', { args: ['simulate', '--no-such-flag', '1'] })).code).toBe(2);
    const engine = spawnProgram('cli', {
      args: ['simulate', '--port', '0', '--served-model-name', 'tiny'],
    });
    await waitFor(() => (engine.stdout() + engine.stderr()).includes('Application startup complete'));
    engine.child.kill('SIGTERM');
    expect((await engine.exited).code).toBe(0);
  });
});

describe('output', () => {
  it('ends quietly when nobody reads it', async () => {
    const quoted = [nodePath(), programPath('cli'), 'requests', '--help'].map((part) => `'${part}'`).join(' ');
    const run = spawnCommand('/bin/sh', ['-c', `${quoted} | true`]);
    expect((await run.exited).code).toBe(0);
    expect(run.stderr()).toBe('');
  });
});

describe('on a demo site', () => {
  it('logs -f follows a process over its restart and ends with Ctrl-C', async () => {
    const site = await startDemoSite();
    const [server] = (await site.status()).processes.filter((entry) => entry.kind === 'server');
    const name = server?.name ?? '';
    await site.waitForState(name, 'ready');
    const follow = spawnProgram('cli', { args: ['logs', name, '-f', '-n', '1', '--data', site.data] });
    await waitFor(() => follow.stdout() !== '');
    const restarted = await site.outpost<{ actual: string; run: number }>('restart', name);
    expect(restarted).toMatchObject({ code: 0, value: { actual: 'ready', run: 2 } });
    await waitFor(() => follow.stdout().includes('Application startup complete'), { what: 'the log of the new run' });
    expect(follow.stderr()).toContain('── run 2 ──');
    follow.child.kill('SIGINT');
    expect((await follow.exited).code).toBe(0);

    const first = await site.outpost<{ run: number; text: string }>('logs', name, '--run', '1', '-n', '3');
    expect(first.value.run).toBe(1);
    expect(first.value.text.trimEnd().split('\n')).toHaveLength(3);
  });

  it('stop keeps a process stopped, start brings it back, and each says what is true', async () => {
    const site = await startDemoSite();
    const [server] = (await site.status()).processes.filter((entry) => entry.kind === 'server');
    const name = server?.name ?? '';
    await site.waitForState(name, 'ready');
    expect(await site.outpost('stop', name)).toMatchObject({ code: 0, value: { actual: 'stopped', pid: null } });
    expect(await site.process(name)).toMatchObject({ actual: 'stopped', wanted: 'stopped' });
    expect(await site.outpost('start', name)).toMatchObject({ code: 0, value: { actual: 'ready', wanted: 'running' } });
    expect(await site.outpost('start', 'nobody')).toMatchObject({
      code: 1,
      value: { error: { code: 'PROCESS_UNKNOWN', message: expect.stringContaining(name) } },
    });
  });

  it('requests filters, pages and exports what went through the gateway', async () => {
    const site = await startDemoSite();
    await waitFor(async () => (await site.status()).processes.every((entry) => entry.actual === 'ready'));
    const { value: key } = await site.outpost<{ key: string }>('keys', 'add', 'tester');
    const post = (model: string) =>
      fetch(`${site.ready.gateway}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key.key}` },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: '=HYPERLINK()' }], max_tokens: 4 }),
      });
    for (const model of ['demo-chat', 'demo-code', 'nobody']) await (await post(model)).text();

    const all = await waitFor(async () => {
      const rows = await site.requests();
      return rows.length === 3 && rows.every((row) => row.state !== 'running') ? rows : null;
    });
    expect(all.map((row) => row.model)).toEqual(['nobody', 'demo-code', 'demo-chat']);
    const ids = (rows: readonly RequestSummary[]) => rows.map((row) => row.id);
    expect(ids(await site.requests('--limit', '1'))).toEqual(ids(all.slice(0, 1)));
    expect(ids(await site.requests('--before', String(all[0]?.id)))).toEqual(ids(all.slice(1)));
    expect(ids(await site.requests('--model', 'demo-code'))).toEqual(ids(all.slice(1, 2)));
    expect(ids(await site.requests('--state', 'rejected', '--http-status', '404'))).toEqual(ids(all.slice(0, 1)));
    expect(await site.requests('--until', '1h')).toEqual([]);
    expect(ids(await site.requests('--since', '1h', '--key', 'tester'))).toEqual(ids(all));

    const exported = await runProgram('cli', { args: ['requests', 'export', '--format', 'csv', '--data', site.data] });
    expect(exported).toMatchObject({ code: 0, stderr: '3 requests exported.\n' });
    expect(exported.stdout.trimEnd().split('\r\n')).toHaveLength(4);
  });

  it('down ends a service that hangs, and everything it supervised', async () => {
    const site = await startDemoSite();
    process.kill(site.ready.pid, 'SIGSTOP');
    const status = await runProgram('cli', { args: ['status', '--json', '--data', site.data] });
    expect(JSON.parse(status.stdout)).toMatchObject({ error: { code: 'SERVICE_UNREACHABLE' } });
    const down = await runProgram('cli', { args: ['down', '--json', '--data', site.data] });
    expect(JSON.parse(down.stdout)).toMatchObject({ service: 'killed', stopped: expect.arrayContaining(['gateway']) });
    expect(down.code).toBe(0);
    // A process that was killed is listed until its parent has noted it.
    await waitFor(() => processesOf(site.data).length === 0);
  });
});
