import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../../electron/base/clock.ts';
import type { Result } from '../../../electron/contract/outpost-error.ts';
import { fail, succeed } from '../../../electron/contract/outpost-error.ts';
import { gatewayLogSchema } from '../../../electron/contract/site-schema.ts';
import type { RouteTableContent } from '../../../electron/service/gateway/build-route-table.ts';
import { readRouteTable, RouteTableWriter } from '../../../electron/service/gateway/route-table-writer.ts';
import { makeTempDir } from '../../fixtures/temp-dir.ts';
import { waitFor } from '../../fixtures/wait-for.ts';

const content: RouteTableContent = {
  listen: [{ host: '127.0.0.1', port: 8080 }],
  keysRequired: true,
  keys: [],
  servers: [],
  fallbacks: {},
  features: {},
  log: gatewayLogSchema.parse({}),
  limits: { maxBodyBytes: 1, firstByteTimeoutMs: 1, idleTimeoutMs: 1 },
};

function makeWriter(options: {
  readonly reload?: (file: string) => Promise<Result<number>>;
  readonly off?: { reason: string; action: string };
  readonly build?: () => RouteTableContent | null;
}) {
  const file = path.join(makeTempDir(), 'routes.json');
  let version = 0;
  // Every look at the clock is half a second later, so that waiting costs no time.
  let elapsedMs = 0;
  const writer = new RouteTableWriter({
    file,
    link: { reload: () => (options.reload ?? onDisk)(file) },
    clock: { ...systemClock, monotonicMs: () => (elapsedMs += 500) },
    build: options.build ?? (() => content),
    nextVersion: (atLeast) => (version = Math.max(version + 1, atLeast)),
    gatewayOff: () => options.off ?? null,
    warn: () => undefined,
  });
  return { writer, file };
}

async function onDisk(file: string): Promise<Result<number>> {
  return succeed(readRouteTable(file)?.version ?? 0);
}

it('writes for its owner alone, and only when something differs', () => {
  let current = content;
  const { writer, file } = makeWriter({ build: () => current });
  expect(writer.writeNow()).toEqual({ ok: true, value: 1 });
  expect(writer.writeNow()).toEqual({ ok: true, value: 1 });
  current = { ...content, keysRequired: false };
  expect(writer.writeNow()).toEqual({ ok: true, value: 2 });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: 2, keysRequired: false });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('writes several changes as one', async () => {
  const { writer } = makeWriter({});
  writer.schedule();
  writer.schedule();
  await waitFor(() => writer.version() === 1);
});

it('is done when the gateway has this version in force', async () => {
  expect(await makeWriter({}).writer.putInForce('Key "a"')).toEqual({ ok: true, value: undefined });
});

it('is not done while the gateway has an older version, and says so after 5 s', async () => {
  const result = await makeWriter({ reload: async () => succeed(0) }).writer.putInForce('Key "a"');
  expect(result).toMatchObject({ ok: false, error: { code: 'SAVED_NOT_IN_FORCE' } });
  expect(!result.ok && result.error.message).toContain('Key "a" is saved, not yet in force');
});

it('says why a gateway does not take it over', async () => {
  const gone = async () => fail('GATEWAY_NOT_RUNNING', 'The gateway does not answer.');
  const result = await makeWriter({ reload: gone }).writer.putInForce('Key "a"');
  expect(!result.ok && result.error.message).toContain('The gateway does not answer');
});

it('waits for no gateway that is stopped on purpose', async () => {
  const off = { reason: 'the gateway is stopped', action: 'Start it.' };
  const result = await makeWriter({ off }).writer.putInForce('Key "a"');
  expect(result).toMatchObject({ ok: false, error: { code: 'SAVED_NOT_IN_FORCE', action: 'Start it.' } });
});

it('is done at once while there is no site', async () => {
  expect((await makeWriter({ build: () => null }).writer.putInForce('Key "a"')).ok).toBe(true);
});
