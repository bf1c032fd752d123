import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { processesOf, runIdsOf } from '../fixtures/drive-site.ts';
import type { RunningSite } from '../fixtures/running-site.ts';
import { startDemoSite } from '../fixtures/running-site.ts';
import { runProgram } from '../fixtures/spawn-program.ts';
import { waitFor } from '../fixtures/wait-for.ts';

async function readyDemo(): Promise<RunningSite> {
  const site = await startDemoSite();
  await waitFor(async () => (await site.status()).processes.every((entry) => entry.actual === 'ready'), {
    everyMs: 200,
    what: 'every process to be ready',
  });
  return site;
}

async function chat(site: RunningSite, maxTokens = 4, ignoreEos = false): Promise<Response> {
  return fetch(`${site.ready.gateway}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'demo-chat',
      messages: [{ role: 'user', content: 'hello' }],
      max_tokens: maxTokens,
      ignore_eos: ignoreEos,
      stream: ignoreEos,
    }),
  });
}

async function pids(site: RunningSite): Promise<Record<string, number | null>> {
  return Object.fromEntries((await site.status()).processes.map((entry) => [entry.name, entry.pid]));
}

function runnerPid(site: RunningSite, name: string): number {
  const found = processesOf(site.data).find(
    ({ command }) => command.includes('runner.mjs') && command.split(' ').includes(name),
  );
  if (!found) throw new Error(`no runner of ${name}`);
  return found.pid;
}

it('restarts a killed model server, says why, and records the request that was in flight as failed', async () => {
  const site = await readyDemo();
  const server = (await site.status()).processes.find((entry) => entry.serves.includes('demo-chat'));
  if (!server?.pid) throw new Error('the demo has a chat server');
  const response = await chat(site, 4000, true);
  const reader = response.body?.getReader();
  await reader?.read();
  process.kill(server.pid, 'SIGKILL');
  // What follows is the gateway's error event; the stream must end by itself.
  while (reader && !(await reader.read().catch(() => ({ done: true }))).done);

  const row = await site.finishedRow(response.headers.get('x-request-id') ?? '');
  expect(row.state).toBe('error');
  expect(row.error).toContain(server.name);
  const restarted = await waitFor(
    async () => {
      const now = await site.process(server.name);
      return now.actual === 'ready' && now.pid !== server.pid ? now : null;
    },
    { everyMs: 200 },
  );
  expect(restarted.restarts).toBe(1);
  const runs = readdirSync(path.join(site.data, 'logs', server.name)).filter((file) => file.endsWith('.log'));
  expect(runs.filter((file) => /^\d+\.log$/.test(file))).toHaveLength(2);
});

it('keeps answering while the service is dead, and the next service adopts every process', async () => {
  const site = await readyDemo();
  const before = await pids(site);
  await site.killService();
  expect((await chat(site)).status).toBe(200);
  const offline = await runProgram('cli', { args: ['status', '--json', '--data', site.data] });
  expect(offline.code).toBe(1);
  expect(JSON.parse(offline.stdout)).toMatchObject({ error: { code: 'SERVICE_NOT_RUNNING' } });
  await site.serve();
  expect(await pids(site)).toEqual(before);
  expect((await chat(site)).status).toBe(200);
});

it('replaces a killed runner without touching its process or failing a request', async () => {
  const site = await readyDemo();
  const before = await pids(site);
  const server = (await site.status()).processes.find((entry) => entry.serves.includes('demo-chat'));
  for (const name of [server?.name ?? '', 'gateway']) {
    const old = runnerPid(site, name);
    process.kill(old, 'SIGKILL');
    expect((await chat(site)).status).toBe(200);
    await waitFor(() => runnerPid(site, name) !== old);
    await site.waitForState(name, 'ready');
  }
  expect(await pids(site)).toEqual(before);
  expect((await chat(site)).status).toBe(200);
});

it('takes everything down and frees the ports, also after the service was killed', async () => {
  const site = await readyDemo();
  const ports = (await site.status()).processes.map((entry) => entry.port);
  const runIds = runIdsOf(site.data);
  expect(runIds.length).toBeGreaterThanOrEqual(3);
  await site.killService();
  const down = await runProgram('cli', { args: ['down', '--data', site.data] });
  expect(down.code).toBe(0);
  expect(processesOf(site.data, runIds)).toEqual([]);
  const listening = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .filter((line) => line.split(/\s+/)[4] === '0A')
    .map((line) => parseInt(line.split(/\s+/)[2]?.split(':')[1] ?? '', 16));
  for (const port of ports) expect(listening).not.toContain(port);
});
