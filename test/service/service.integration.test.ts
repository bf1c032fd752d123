import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { runProgram } from '../fixtures/spawn-program.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { startService, waitUntilGone } from './running-service.ts';

const quick = (name: string, more = '') =>
  `  - { name: ${name}, engine: simulated, serves: [${name}-model], args: { load-seconds: 0.1, ttft-ms: 5, itl-ms: 1 }${more} }\n`;
const smallSite = `version: 1\nsite: { name: Test site }\ngateway: { keys: required }\nservers:\n${quick('one')}`;

/** A data directory with this site file. */
function dataWith(siteText: string): string {
  const data = makeTempDir();
  writeFileSync(path.join(data, 'site.yaml'), siteText);
  return data;
}

async function chat(baseUrl: string | null, key: string | null, model: string, route = '/v1') {
  const response = await fetch(`${baseUrl}${route}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }], max_tokens: 4 }),
  });
  const body = (await response.json()) as { model?: string; error?: { code?: string; message?: string } };
  return { status: response.status, ...body };
}

describe('a service', () => {
  it('starts the demo, says where it is, and is gone with everything it started when told to stop everything', async () => {
    const data = makeTempDir();
    const { ready, api, program, waitForState } = await startService(data, '--demo');
    expect(ready).toMatchObject({ event: 'ready', pid: program.pid, data });
    expect(ready.token).toBe(readFileSync(path.join(data, 'token'), 'utf8').trim());
    for (const name of ['gateway', 'demo-chat-server', 'demo-code-server']) await waitForState(name, 'ready');
    const status = await api.status.query();
    expect(status).toMatchObject({
      site: 'Demo site',
      gateway: [ready.gateway],
      site_file: { revision: 1, problems: null },
    });
    const features = await api.features.list.query();
    expect(features).toHaveLength(21);
    expect(features.every(({ state }) => state === 'assigned')).toBe(true);
    expect(await chat(ready.gateway, null, 'demo-chat')).toMatchObject({ status: 200, model: 'demo-chat' });
    for (const file of [
      'token',
      'runtime/routes.json',
      'runtime/service.json',
      'runtime/upstream-keys.json',
      'outpost.db',
    ]) {
      expect([file, statSync(path.join(data, file)).mode & 0o777]).toEqual([file, 0o600]);
    }
    const stopped = await api.processes.stopEverything.mutate();
    expect(stopped).toMatchObject({ ok: true });
    expect(await program.exited).toMatchObject({ code: 0 });
    await waitUntilGone(data);
    expect(existsSync(path.join(data, 'runtime', 'service.json'))).toBe(false);
  });

  it('refuses to share its data directory and names who has it', async () => {
    const data = dataWith(smallSite);
    const { program } = await startService(data);
    const second = await runProgram('service', { args: ['--data', data] });
    expect(second.code).toBe(1);
    const { error } = JSON.parse(second.stdout) as { error: { code: string; message: string } };
    expect(error.code).toBe('DATA_DIRECTORY_IN_USE');
    expect(error.message).toContain(String(program.pid));
  });

  it('refuses wrong use with exit code 2', async () => {
    const wrong = await runProgram('service', { args: ['--control', 'nonsense', '--data', makeTempDir()] });
    expect(wrong.code).toBe(2);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { code: 'USAGE' } });
  });

  it.runIf(process.platform === 'linux')('refuses a data directory that it cannot make', async () => {
    const refused = await runProgram('service', { args: ['--data', '/proc/outpost'] });
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'DATA_DIRECTORY_UNUSABLE' } });
  });

  it('goes on without a gateway whose port another program has, and says so', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void blocker.close());
    const { port } = blocker.address() as AddressInfo;
    const { api, ready, waitForState } = await startService(dataWith(smallSite), '--gateway', `127.0.0.1:${port}`);
    expect(ready.gateway).toBe(`http://127.0.0.1:${port}`);
    await waitForState('one', 'ready');
    expect((await api.events.query({ limit: 50 })).map(({ text }) => text)).toContainEqual(
      expect.stringContaining(`The gateway does not answer at http://127.0.0.1:${port} after 10 s`),
    );
  });

  it('begins without a site, and with the demo once it is asked for', async () => {
    const data = makeTempDir();
    const { ready, api, waitForState } = await startService(data);
    expect(ready.gateway).toBeNull();
    expect(await api.status.query()).toMatchObject({ site: '', processes: [] });
    expect(await api.site.get.query()).toMatchObject({ exists: false });
    expect(await api.requests.list.query({})).toMatchObject({ ok: true, value: { rows: [] } });
    expect(await api.site.start.mutate({ kind: 'demo', author: 'window' })).toMatchObject({ ok: true });
    await waitForState('gateway', 'ready');
    await waitForState('demo-chat-server', 'ready');
    expect(await api.site.start.mutate({ kind: 'empty', author: 'window' })).toMatchObject({
      ok: false,
      error: { code: 'ALREADY_EXISTS' },
    });
  });

  it('leaves everything running when it dies, and adopts it on the next start', async () => {
    const data = dataWith(smallSite);
    const first = await startService(data);
    await first.waitForState('one', 'ready');
    const before = (await first.api.status.query()).processes.map(({ name, pid, port }) => [name, pid, port]);
    await first.kill();
    expect((await chat(first.ready.gateway, null, 'one-model')).status).toBe(401);

    const second = await startService(data);
    expect(second.ready).toMatchObject({ control: first.ready.control, gateway: first.ready.gateway });
    expect((await second.api.status.query()).processes.map(({ name, pid, port }) => [name, pid, port])).toEqual(before);
    expect((await second.api.events.query({ limit: 10 })).map(({ text }) => text)).toContainEqual(
      expect.stringContaining('one was running already'),
    );
  });

  it('ends on SIGTERM without ending what it supervises', async () => {
    const data = dataWith(smallSite);
    const first = await startService(data);
    const { pid } = await first.waitForState('one', 'ready');
    first.program.child.kill('SIGTERM');
    expect(await first.program.exited).toMatchObject({ code: 0 });
    expect(existsSync(path.join(data, 'runtime', 'service.json'))).toBe(false);
    const second = await startService(data);
    expect((await second.process('one')).pid).toBe(pid);
  });
});

describe('the site file of a running service', () => {
  it('is picked up live, and a broken edit is explained while the last valid one stays in force', async () => {
    const data = dataWith(smallSite);
    const { api, waitForState } = await startService(data);
    const { pid } = await waitForState('one', 'ready');
    appendFileSync(path.join(data, 'site.yaml'), quick('two'));
    await waitForState('two', 'ready');
    appendFileSync(path.join(data, 'site.yaml'), 'servrs: []\n');
    const status = await waitFor(async () => {
      const now = await api.status.query();
      return now.site_file.problems ? now : null;
    });
    expect(status.site_file.problems).toEqual([
      { line: 7, column: 1, path: 'servrs', reason: 'unknown setting "servrs"; did you mean "servers"?' },
    ]);
    expect(status.processes.map(({ name }) => name)).toEqual(['gateway', 'one', 'two']);
    const refused = await api.features.set.mutate({ feature: 'duo_chat', setting: 'one-model', author: 'cli' });
    expect(refused).toMatchObject({ ok: false, error: { code: 'SITE_INVALID' } });
    writeFileSync(path.join(data, 'site.yaml'), smallSite);
    await waitFor(async () => (await api.status.query()).processes.length === 2);
    expect((await waitForState('one', 'ready')).pid).toBe(pid);
    const history = await api.site.history.query();
    expect(history.map(({ author, summary }) => `${author}: ${summary}`)).toEqual([
      'file: removed server two',
      'file: added server two',
      'file: started the site "Test site"',
    ]);
    const rolledBack = await api.site.rollback.mutate({ revision: 2, author: 'cli' });
    expect(rolledBack).toMatchObject({ ok: true, value: { revision: 4 } });
    await waitForState('two', 'ready');
  });

  it('stays in force in its last valid form when the service starts with a broken one', async () => {
    const data = dataWith(smallSite);
    const first = await startService(data);
    await first.waitForState('one', 'ready');
    await first.kill();
    writeFileSync(path.join(data, 'site.yaml'), 'version: 1\nsite: 5\n');
    const { api } = await startService(data);
    expect(await api.status.query()).toMatchObject({
      site: 'Test site',
      processes: [{ name: 'gateway' }, { name: 'one', actual: 'ready' }],
      site_file: { problems: [{ line: 2, path: 'site' }] },
    });
  });

  it('can be another file', async () => {
    const data = makeTempDir();
    const file = path.join(makeTempDir(), 'lab.yaml');
    writeFileSync(file, smallSite);
    const { api } = await startService(data, '--site', file);
    expect(await api.status.query()).toMatchObject({ site: 'Test site', site_file: { path: file } });
  });

  it('is edited with comments kept, and an added server runs', async () => {
    const data = dataWith(`# keep me\n${smallSite}# and me\n`);
    const { api, waitForState } = await startService(data);
    const server = {
      name: 'added',
      engine: 'simulated' as const,
      serves: ['added-model'],
      args: { 'load-seconds': 0.1 },
      start: 'always' as const,
    };
    expect(await api.site.saveServer.mutate({ server, replaces: null, author: 'window' })).toMatchObject({ ok: true });
    const { pid } = await waitForState('added', 'ready');
    const text = readFileSync(path.join(data, 'site.yaml'), 'utf8');
    expect(text).toContain('# keep me');
    expect(text).toContain('# and me');
    const changed = { ...server, args: { 'load-seconds': 0.2 } };
    expect(await api.site.saveServer.mutate({ server: changed, replaces: 'added', author: 'window' })).toMatchObject({
      ok: true,
    });
    expect(await waitForState('added', 'ready')).toMatchObject({ pid, restart_needed: true });
    expect(await api.processes.restart.mutate({ name: 'added' })).toMatchObject({
      ok: true,
      value: { actual: 'ready', restart_needed: false },
    });
    expect(await api.site.removeServer.mutate({ name: 'added', author: 'window' })).toMatchObject({ ok: true });
    await waitFor(async () => (await api.status.query()).processes.length === 2);
  });
});

describe('what an operator asks for', () => {
  it('keeps a stopped server stopped across a restart of the service, until the site file changes it', async () => {
    const data = dataWith(smallSite);
    const first = await startService(data);
    await first.waitForState('one', 'ready');
    expect(await first.api.processes.stop.mutate({ name: 'one' })).toMatchObject({
      ok: true,
      value: { wanted: 'stopped', actual: 'stopped', pid: null },
    });
    expect(await first.api.processes.start.mutate({ name: 'other' })).toMatchObject({
      ok: false,
      error: { code: 'PROCESS_UNKNOWN', message: expect.stringContaining('gateway, one') as string },
    });
    const log = { name: 'other', run: null, fromOffset: null, lines: 10 };
    expect(await first.api.processes.readLog.query(log)).toMatchObject({ error: { code: 'PROCESS_UNKNOWN' } });
    await first.kill();
    const second = await startService(data);
    expect(await second.process('one')).toMatchObject({ wanted: 'stopped', actual: 'stopped' });
    writeFileSync(path.join(data, 'site.yaml'), smallSite.replace('itl-ms: 1', 'itl-ms: 2'));
    await second.waitForState('one', 'ready');
  });

  it('has keys and features in force at the gateway before it says done', async () => {
    const data = dataWith(smallSite);
    const { api, ready, waitForState } = await startService(data);
    await waitForState('one', 'ready');
    await waitForState('gateway', 'ready');
    const added = await api.keys.add.mutate({ name: 'ci' });
    if (!added.ok) throw new Error(added.error.message);
    const { key } = added.value;
    expect(key).toMatch(/^outpost_[A-Za-z0-9_-]{43}$/);
    expect((await chat(ready.gateway, key, 'one-model')).status).toBe(200);
    expect(await api.keys.add.mutate({ name: 'ci' })).toMatchObject({ ok: false, error: { code: 'ALREADY_EXISTS' } });

    expect((await chat(ready.gateway, key, 'x', '/features/duo_chat/v1')).status).toBe(404);
    const set = (setting: string | null) => api.features.set.mutate({ feature: 'duo_chat', setting, author: 'cli' });
    expect(await set('one-model')).toMatchObject({ ok: true, value: { state: 'assigned', model: 'one-model' } });
    expect(await chat(ready.gateway, key, 'x', '/features/duo_chat/v1')).toMatchObject({
      status: 200,
      model: 'one-model',
    });
    expect(await set('disabled')).toMatchObject({ ok: true, value: { state: 'disabled' } });
    expect((await chat(ready.gateway, key, 'x', '/features/duo_chat/v1')).status).toBe(403);
    expect(await set('ghost')).toMatchObject({ ok: false, error: { code: 'MODEL_UNKNOWN' } });

    expect(await api.keys.revoke.mutate({ name: 'ci' })).toMatchObject({ ok: true, value: { name: 'ci' } });
    expect((await chat(ready.gateway, key, 'one-model')).status).toBe(401);
    expect(readFileSync(path.join(data, 'runtime', 'routes.json'), 'utf8')).not.toContain(key);

    await api.processes.stop.mutate({ name: 'gateway' });
    expect(await api.keys.add.mutate({ name: 'later' })).toMatchObject({
      ok: false,
      error: { code: 'SAVED_NOT_IN_FORCE', action: expect.stringContaining('start gateway') as string },
    });
  });

  it('starts everything but the server whose secret is missing, and that one once it is set', async () => {
    const secretive = quick('two', ', env: { TOKEN: { secret: hub } }');
    const { api, waitForState, process } = await startService(dataWith(smallSite + secretive));
    await waitForState('one', 'ready');
    expect(await process('two')).toMatchObject({
      pid: null,
      reason: expect.stringContaining('secret "hub"') as string,
    });
    expect(await api.processes.start.mutate({ name: 'two' })).toMatchObject({
      ok: false,
      error: { code: 'SECRET_MISSING' },
    });
    expect(await api.secrets.set.mutate({ name: 'hub', value: 'hf_1' })).toMatchObject({
      ok: true,
      value: { usedBy: ['servers[1].env.TOKEN'] },
    });
    await waitForState('two', 'ready');
    expect(JSON.stringify(await api.secrets.list.query())).not.toContain('hf_1');
  });

  it('shows requests of the Playground under a key of their own, as they are committed', async () => {
    const data = dataWith(smallSite);
    const { api, ready, waitForState } = await startService(data);
    await waitForState('one', 'ready');
    const seen: number[] = [];
    const following = api.requests.follow.subscribe(undefined, { onData: ({ newestId }) => seen.push(newestId) });
    const answer = await fetch(`${ready.control}/playground/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ready.token}` },
      body: JSON.stringify({
        model: 'one-model',
        messages: [{ role: 'user', content: 'hi' }],
        max_tokens: 3,
        stream: true,
      }),
    });
    expect(await answer.text()).toContain('[DONE]');
    await waitFor(() => seen.some((id) => id > 0));
    following.unsubscribe();
    const page = await waitFor(async () => {
      const result = await api.requests.list.query({});
      return result.ok && result.value.rows[0]?.state === 'ok' ? result.value : null;
    });
    expect(page.rows[0]).toMatchObject({ key: 'playground', model: 'one-model', stream: true, http_status: 200 });
  });
});
