import { expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../../electron/base/clock.ts';
import type { ProcessTrees } from '../../electron/base/process-tree.ts';
import { Descendants } from '../../electron/runner/descendants.ts';
import type { ProbeResult } from '../../electron/runner/probe.ts';
import { Prober } from '../../electron/runner/prober.ts';
import { waitFor } from '../fixtures/wait-for.ts';

/** What was to be called later is called as soon as the test says so. */
function manualClock() {
  const waiting: (() => void)[] = [];
  const clock: Clock = {
    nowMs: () => 0,
    monotonicMs: () => 0,
    after(_delayMs, callback) {
      waiting.push(callback);
      return () => undefined;
    },
  };
  const next = () => waitFor(() => waiting.shift());
  return { clock, next };
}

it('probes again after the system refused to ask', async () => {
  const { clock, next } = manualClock();
  const results: ProbeResult[] = [];
  let asked = 0;
  const prober = new Prober(
    async () => {
      if (++asked === 1) throw new Error('EMFILE: too many open files');
      return { healthy: true, detail: 'answered' };
    },
    (result) => results.push(result),
    false,
    clock,
  );
  onTestFinished(() => prober.stop());
  (await next())();
  await waitFor(() => results.length === 2);
  expect(results).toEqual([
    { healthy: false, detail: 'EMFILE: too many open files' },
    { healthy: true, detail: 'answered' },
  ]);
});

it('looks for descendants again after the system refused to list processes', async () => {
  const { clock, next } = manualClock();
  const leader = { pid: 10, startTime: '1' };
  const child = { pid: 11, startTime: '2' };
  let looked = 0;
  const findTree: ProcessTrees['findTree'] = async () => {
    if (++looked === 1) throw new Error('EMFILE: too many open files');
    return [leader, child];
  };
  const descendants = new Descendants({ findTree } as ProcessTrees, clock, () => undefined);
  onTestFinished(() => descendants.stop());
  descendants.watch({ runId: 'run', leader }, []);
  (await next())();
  (await next())();
  await waitFor(() => descendants.seen().length > 0);
  expect(descendants.seen()).toEqual([child]);
});
