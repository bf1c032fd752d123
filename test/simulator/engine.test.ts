import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineOutput, Sequence } from '../../electron/simulator/engine.ts';
import { Engine } from '../../electron/simulator/engine.ts';
import type { EngineGauges } from '../../electron/simulator/engine-families.ts';
import { EngineMetrics } from '../../electron/simulator/engine-metrics.ts';
import { createFixedSource, createGeneration } from '../../electron/simulator/generation.ts';
import { renderFamilies } from '../../electron/simulator/metric-families.ts';
import { PrefixCache } from '../../electron/simulator/prefix-cache.ts';
import { createRandom } from '../../electron/simulator/seeded-random.ts';
import type { Timing } from '../../electron/simulator/timing.ts';
import { metricValue } from './start-simulator.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Event {
  readonly name: string;
  readonly atMs: number;
  readonly output: EngineOutput;
}

function createRig(timing: Partial<Timing>, maxNumSeqs = 10) {
  const events: Event[] = [];
  const startMs = performance.now();
  const now = (): number => performance.now();
  const metrics = new EngineMetrics({
    modelName: 'm',
    maxModelLength: 100,
    blockSize: 16,
    blockCount: 100,
    createdSeconds: 1,
    gauges: (): EngineGauges => engine.gauges(),
  });
  const engine: Engine = new Engine(
    {
      timing: { ttftMs: 100, itlMs: 10, jitter: 0, slowdown: 0, ...timing },
      maxNumSeqs,
      blockSize: 16,
      blockCount: 100,
    },
    metrics,
    new PrefixCache(16, 100),
    now,
  );
  function submit(name: string, maxTokens: number): Sequence {
    const limits = { maxTokens, minTokens: 0, ignoreEos: true, stop: [], stopTokenIds: [], includeStopText: false };
    return engine.submit({
      arrivedAtMs: now(),
      promptTokenIds: [20, 21, 22],
      generation: createGeneration(createFixedSource('word'), limits),
      maxTokens,
      choicesPerPrompt: 1,
      random: createRandom(1),
      onOutput: (output) => events.push({ name, atMs: Math.round(now() - startMs), output }),
    });
  }
  const timesOf = (name: string): number[] => events.filter((event) => event.name === name).map((event) => event.atMs);
  return { engine, events, submit, timesOf, page: () => renderFamilies(metrics.page) };
}

describe('engine', () => {
  it('produces the first token after TTFT and each further one after ITL', () => {
    const rig = createRig({});
    rig.submit('a', 4);
    vi.advanceTimersByTime(1000);
    expect(rig.timesOf('a')).toEqual([100, 110, 120, 130]);
    expect(rig.events.at(-1)?.output.finish).toEqual({ reason: 'length', stopReason: null });
  });

  it('does not drift: with an ITL that timers cannot keep, the last token is still on time', () => {
    const rig = createRig({ itlMs: 3.3 });
    rig.submit('a', 1001);
    vi.advanceTimersByTime(10_000);
    expect(rig.timesOf('a')).toHaveLength(1001);
    expect(Math.abs((rig.timesOf('a').at(-1) ?? 0) - 3400)).toBeLessThanOrEqual(1);
  });

  it('catches up after a pause without skipping a token', () => {
    const rig = createRig({});
    rig.submit('a', 50);
    vi.advanceTimersByTime(150);
    vi.setSystemTime(Date.now() + 200);
    vi.advanceTimersByTime(2000);
    expect(rig.timesOf('a')).toHaveLength(50);
  });

  it('lets sequences beyond the limit wait in order of arrival', () => {
    const rig = createRig({}, 2);
    for (const name of ['a', 'b', 'c', 'd']) rig.submit(name, 3);
    expect(rig.engine.gauges()).toMatchObject({ running: 2, waiting: 2 });
    vi.advanceTimersByTime(121);
    expect(rig.engine.gauges()).toMatchObject({ running: 2, waiting: 0 });
    vi.advanceTimersByTime(1000);
    expect(rig.timesOf('a')).toEqual([100, 110, 120]);
    expect(rig.timesOf('c')[0]).toBe(220);
    expect(rig.timesOf('d')[0]).toBe(220);
    expect(rig.engine.gauges()).toEqual({ running: 0, waiting: 0, kvCacheUsage: 0 });
  });

  it('gives the place of an aborted sequence to the next in line', () => {
    const rig = createRig({}, 1);
    const first = rig.submit('a', 30);
    rig.submit('b', 1);
    vi.advanceTimersByTime(50);
    rig.engine.end(first, 'abort');
    vi.advanceTimersByTime(1000);
    expect(rig.events.map(({ name, atMs, output }) => [name, atMs, output.finish?.reason])).toEqual([
      ['a', 50, 'abort'],
      ['b', 150, 'length'],
    ]);
    expect(rig.page()).toContain('vllm:request_success_total{engine="0",finished_reason="abort",model_name="m"} 1.0');
  });

  it('slows down with every further running sequence', () => {
    const rig = createRig({ slowdown: 0.5 });
    rig.submit('a', 3);
    rig.submit('b', 3);
    vi.advanceTimersByTime(1000);
    expect(rig.timesOf('a')).toEqual([100, 115, 130]);
    expect(rig.timesOf('b')[0]).toBe(150);
  });

  it('spreads waits by seeded jitter around the same mean', () => {
    const times = [0, 1].map(() => {
      const rig = createRig({ jitter: 0.5, itlMs: 20 });
      rig.submit('a', 501);
      vi.advanceTimersByTime(20_000);
      return rig.timesOf('a');
    });
    expect(times[0]).toEqual(times[1]);
    const gaps = (times[0] ?? []).slice(1).map((time, index) => time - (times[0]?.[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(9);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(31);
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeGreaterThan(19);
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeLessThan(21);
  });

  it('makes no progress once frozen, but still ends what is aborted', () => {
    const rig = createRig({});
    const sequence = rig.submit('a', 30);
    vi.advanceTimersByTime(110);
    rig.engine.freeze();
    vi.advanceTimersByTime(10_000);
    expect(rig.timesOf('a')).toHaveLength(2);
    rig.engine.end(sequence, 'abort');
    expect(rig.events.at(-1)?.output.finish?.reason).toBe('abort');
  });

  it('measures what it did', () => {
    const rig = createRig({}, 1);
    rig.submit('a', 5);
    rig.submit('b', 5);
    vi.advanceTimersByTime(1000);
    const page = rig.page();
    expect(page).toContain('vllm:generation_tokens_total{engine="0",model_name="m"} 10.0');
    expect(page).toContain('vllm:prompt_tokens_total{engine="0",model_name="m"} 6.0');
    expect(page).toContain('vllm:inter_token_latency_seconds_count{engine="0",model_name="m"} 8.0');
    const seconds = (name: string): number => metricValue(page, `vllm:${name}_seconds_sum{engine="0",model_name="m"}`);
    expect(seconds('inter_token_latency')).toBeCloseTo(8 * 0.01, 5);
    expect(seconds('request_queue_time')).toBeCloseTo(0.14, 5);
    expect(seconds('time_to_first_token')).toBeCloseTo(0.1 + 0.24, 5);
    expect(seconds('e2e_request_latency')).toBeCloseTo(0.14 + 0.28, 5);
  });
});
