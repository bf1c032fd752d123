import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Clock } from '../../electron/base/clock.ts';
import { dataPaths, runnerPaths } from '../../electron/base/data-paths.ts';
import type { ProcessTrees } from '../../electron/base/process-tree.ts';
import { endRunner } from '../../electron/base/shutdown-runner.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';

it('gives up on a runner that must not be signalled and does not end', async () => {
  const paths = dataPaths(makeTempDir());
  const { directory, state } = runnerPaths(paths, 'demo');
  mkdirSync(directory, { recursive: true });
  writeFileSync(state, JSON.stringify({ version: 1, bootId: 'boot', runner: { pid: 4711, startTime: '1' } }));
  let nowMs = 0;
  const clock: Clock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    after(delayMs, callback) {
      nowMs += delayMs;
      queueMicrotask(callback);
      return () => undefined;
    },
  };
  let signals = 0;
  const trees = {
    bootId: () => 'boot',
    isAlive: async () => true,
    async signal() {
      signals++;
      throw new Error('EPERM: operation not permitted');
    },
  } as Partial<ProcessTrees> as ProcessTrees;
  expect(await endRunner(paths, 'demo', trees, clock)).toMatchObject({
    ok: false,
    error: {
      code: 'PROCESS_STOP_INCOMPLETE',
      message: 'demo is not stopped completely: its runner 4711 does not end.',
    },
  });
  expect(signals).toBeGreaterThan(0);
});
