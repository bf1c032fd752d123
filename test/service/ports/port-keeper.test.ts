import path from 'node:path';
import { expect, it } from 'vitest';
import { localUrl, parseListen } from '../../../electron/service/ports/listen-address.ts';
import { pickableRanges, PortKeeper } from '../../../electron/service/ports/port-keeper.ts';
import { makeTempDir } from '../../fixtures/temp-dir.ts';

const nobody = async () => false;
const none: ReadonlySet<number> = new Set();

function makeKeeper(file: string, occupied: ReadonlySet<number> = none) {
  const warnings: string[] = [];
  const keeper = new PortKeeper({
    file,
    ranges: [{ from: 20_000, to: 20_004 }],
    warn: (message) => warnings.push(message),
    isFree: async (_host, port) => !occupied.has(port),
  });
  return { keeper, warnings };
}

it('picks a port once and keeps it across restarts', async () => {
  const file = path.join(makeTempDir(), 'ports.json');
  const picked = await makeKeeper(file).keeper.resolve('process:a', '127.0.0.1', nobody, none);
  expect(picked).toBeGreaterThanOrEqual(20_000);
  expect(picked).toBeLessThanOrEqual(20_004);
  const again = makeKeeper(file);
  expect(await again.keeper.resolve('process:a', '127.0.0.1', nobody, none)).toBe(picked);
  expect(again.warnings).toEqual([]);
});

it('takes another one, with a warning, only when a stranger occupies it', async () => {
  const file = path.join(makeTempDir(), 'ports.json');
  const picked = await makeKeeper(file).keeper.resolve('process:a', '127.0.0.1', nobody, none);
  const { keeper, warnings } = makeKeeper(file, new Set([picked]));
  expect(await keeper.resolve('process:a', '127.0.0.1', async () => true, none)).toBe(picked);
  expect(warnings).toEqual([]);
  expect(await keeper.resolve('process:a', '127.0.0.1', nobody, none)).not.toBe(picked);
  expect(warnings).toHaveLength(1);
});

it('gives no port twice, and none that the site file names', async () => {
  const { keeper } = makeKeeper(path.join(makeTempDir(), 'ports.json'));
  const taken = new Set([20_000, 20_001]);
  const ports = [];
  for (const owner of ['a', 'b', 'c']) ports.push(await keeper.resolve(owner, '127.0.0.1', nobody, taken));
  expect([...ports].sort()).toEqual([20_002, 20_003, 20_004]);
  await expect(keeper.resolve('d', '127.0.0.1', nobody, taken)).rejects.toThrow('No free port');
});

it('stays outside the ports that the system gives to clients', () => {
  expect(pickableRanges({ from: 32_768, to: 60_999 })).toEqual([{ from: 20_000, to: 32_000 }]);
  expect(pickableRanges({ from: 25_000, to: 60_999 })).toEqual([{ from: 20_000, to: 24_999 }]);
  expect(pickableRanges({ from: 15_000, to: 60_999 })).toEqual([
    { from: 10_240, to: 14_999 },
    { from: 61_000, to: 65_535 },
  ]);
});

it('understands addresses of both families', () => {
  expect(parseListen('127.0.0.1:80')).toEqual({ host: '127.0.0.1', port: 80 });
  expect(parseListen('[::1]:80')).toEqual({ host: '::1', port: 80 });
  expect(localUrl({ host: '::1', port: 80 })).toBe('http://[::1]:80');
  expect(localUrl({ host: '0.0.0.0', port: 80 })).toBe('http://127.0.0.1:80');
});
