import { expect, it } from 'vitest';
import { unrestrictedKey } from '../../../electron/contract/key-rules.ts';
import type { ProcessReport } from '../../../electron/contract/process-state.ts';
import { routeTableSchema } from '../../../electron/contract/route-table.ts';
import { buildRouteTable } from '../../../electron/service/gateway/build-route-table.ts';
import { parseSite } from '../../../electron/service/site/parse-site.ts';
import { testCatalogue, testCatalogues } from '../fake-catalogues.ts';

const text = `version: 1
site: { name: Lab }
gateway: { keys: optional, log: { bodies: none } }
servers:
  - { name: big, engine: vllm, weights: /w, serves: [big, large], fallback: small }
  - { name: little, engine: simulated, serves: [small] }
  - { name: own, engine: command, serves: [own], runtime: { command: /x } }
features:
  duo_chat: { model: big }
  code_completions: disabled
`;

const running: ProcessReport = {
  name: 'big',
  kind: 'server',
  wanted: 'running',
  actual: 'ready',
  pid: 7,
  runnerPid: 6,
  port: 9100,
  restarts: 0,
  spawnedAtMs: 1,
  readyAtMs: 2,
  nextAttemptAtMs: null,
  reason: null,
  runId: 'r',
  runNumber: 1,
};

function build(reports: readonly ProcessReport[], blocked: ReadonlyMap<string, string> = new Map()) {
  const parsed = parseSite(text, testCatalogues);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return buildRouteTable({
    site: parsed.site,
    catalogue: testCatalogue,
    listen: [{ host: '127.0.0.1', port: 8080 }],
    keys: [
      { name: 'ci', sha256: 'a'.repeat(64) },
      { name: 'narrow', sha256: 'b'.repeat(64), rules: { ...unrestrictedKey, routes: ['chat'], expiresAtMs: 5 } },
    ],
    reports: new Map(reports.map((report) => [report.name, report])),
    wanted: (name) => (name === 'own' ? 'stopped' : 'running'),
    ports: new Map([
      ['big', 9001],
      ['little', 9002],
      ['own', 9003],
    ]),
    upstreamKeys: new Map([['big', 'k1']]),
    blocked,
  });
}

it('is a valid table with every feature, fallback and setting', () => {
  const table = build([]);
  expect(routeTableSchema.safeParse({ version: 1, writtenAtMs: 0, ...table }).error).toBeUndefined();
  expect(table.features).toEqual({
    duo_chat: { state: 'assigned', model: 'big' },
    code_completions: { state: 'disabled' },
    code_generations: { state: 'unassigned' },
  });
  expect(table.fallbacks).toEqual({ big: 'small', large: 'small' });
  expect(table.keys).toMatchObject([
    { name: 'ci', models: null },
    { name: 'narrow', models: null, routes: ['chat'], expiresAtMs: 5 },
  ]);
  expect(table).toMatchObject({ keysRequired: false, log: { bodies: 'none' } });
});

it('tells the gateway which servers are wanted, whatever their runners know by now', () => {
  expect(build([]).servers.map(({ name, wanted }) => [name, wanted])).toEqual([
    ['big', 'running'],
    ['little', 'running'],
    ['own', 'stopped'],
  ]);
});

it('sends requests where a process runs, not where the site file will have it after a restart', () => {
  const [big, little] = build([running]).servers;
  expect(big).toMatchObject({ baseUrl: 'http://127.0.0.1:9100', actual: 'ready', upstreamKey: 'k1' });
  expect(little).toMatchObject({ baseUrl: 'http://127.0.0.1:9002', actual: 'stopped', upstreamKey: null });
});

it('says why a server cannot answer', () => {
  const failed = { ...running, actual: 'failed' as const, pid: null, reason: 'exited with code 1' };
  const [big, little] = build([failed], new Map([['little', 'the secret is missing']])).servers;
  expect(big).toMatchObject({ baseUrl: 'http://127.0.0.1:9001', reason: 'exited with code 1' });
  expect(little).toMatchObject({ reason: 'the secret is missing' });
});
