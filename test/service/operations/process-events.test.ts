import { expect, it } from 'vitest';
import type { ProcessReport } from '../../../electron/contract/process-state.ts';
import { durationInWords, processEvents } from '../../../electron/service/operations/process-events.ts';

const base: ProcessReport = {
  name: 'mistral',
  kind: 'server',
  wanted: 'running',
  actual: 'starting',
  pid: 10,
  runnerPid: 9,
  port: 8001,
  restarts: 0,
  spawnedAtMs: 1_000_000,
  readyAtMs: null,
  nextAttemptAtMs: null,
  reason: null,
  runId: 'a',
  runNumber: 1,
};

const nowMs = 1_050_000;

function textOf(before: ProcessReport | null, after: ProcessReport | null): string | undefined {
  const map = (report: ProcessReport | null) => new Map(report ? [[report.name, report]] : []);
  const [event] = processEvents(map(before), map(after), nowMs, 900_000);
  return event && `${event.level}: ${event.text}`;
}

it.each<[string, ProcessReport | null, ProcessReport | null, string | undefined]>([
  ['a start', null, base, 'info: mistral is starting'],
  ['a first look at a stopped one', null, { ...base, actual: 'stopped', pid: null, spawnedAtMs: null }, undefined],
  ['readiness', base, { ...base, actual: 'ready', readyAtMs: 1_042_000 }, 'info: mistral is ready after 42 s'],
  ['nothing new', base, { ...base, port: 8002 }, undefined],
  [
    'a crash',
    { ...base, actual: 'ready' },
    {
      ...base,
      actual: 'backing-off',
      pid: null,
      reason: 'exited with code 1',
      restarts: 2,
      nextAttemptAtMs: nowMs + 4000,
    },
    'error: mistral ended: exited with code 1; restarting in 4.0 s (3rd restart)',
  ],
  [
    'giving up',
    base,
    { ...base, actual: 'failed', pid: null, reason: 'CUDA out of memory' },
    'error: mistral failed: CUDA out of memory',
  ],
  ['a stop', { ...base, actual: 'stopping' }, { ...base, actual: 'stopped', pid: null }, 'info: mistral stopped'],
  [
    'an end whose restart is already under way',
    { ...base, actual: 'stopping', reason: 'Was killed (signal 9)' },
    { ...base, actual: 'starting', runId: 'b', restarts: 1 },
    'error: mistral ended: Was killed (signal 9); starting again',
  ],
  ['a removal', base, null, 'info: mistral was removed'],
  [
    'one that was running before the service',
    null,
    { ...base, actual: 'ready', spawnedAtMs: 800_000 },
    'info: mistral was running already (process 10) and is supervised again',
  ],
  [
    'an engine that no longer answers',
    { ...base, actual: 'ready' },
    { ...base, actual: 'degraded', reason: 'health check answered 503' },
    'warning: mistral does not answer its health check: health check answered 503',
  ],
  [
    'a new run that is ready at the next look',
    { ...base, actual: 'ready' },
    { ...base, actual: 'ready', runId: 'b', readyAtMs: 1_000_400 },
    'info: mistral is ready after 0.4 s',
  ],
])('tells of %s', (_what, before, after, expected) => {
  expect(textOf(before, after)).toBe(expected);
});

it('tells less and less of a process that fails again and again', () => {
  const told = Array.from({ length: 100 }, (_, restarts) => restarts).filter((restarts) =>
    textOf({ ...base, restarts }, { ...base, actual: 'backing-off', pid: null, restarts, nextAttemptAtMs: nowMs }),
  );
  expect(told).toEqual([0, 1, 2, 3, 4, 8, 16, 32, 64]);
});

it('writes durations as an operator would', () => {
  expect([400, 9940, 42_000, 185_000].map(durationInWords)).toEqual(['0.4 s', '9.9 s', '42 s', '3 min 5 s']);
});

it('does not call it a stop when the rest of a crashed process is cleared away', () => {
  expect(textOf({ ...base, actual: 'ready' }, { ...base, actual: 'stopping', reason: 'Was killed (signal 9)' })).toBe(
    undefined,
  );
});
