import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MachineEvent, MachineState } from '../../../electron/runner/machine/state.ts';
import { initialState, liveRun, nextTickMs } from '../../../electron/runner/machine/state.ts';
import { decide } from '../../../electron/runner/machine/transition.ts';
import { leaderOf, makeGiven, makeSpec } from './given.ts';

/** What the world may do next; `run` picks one of the runs so far, mostly the newest, sometimes a former one. */
type Step =
  | { readonly do: 'start' | 'stop' | 'restart' | 'shutdown' | 'tick' | 'adopt' }
  | { readonly do: 'spawned' | 'spawn-failed' | 'exited' | 'healthy' | 'sick'; readonly back: number }
  | { readonly do: 'looked'; readonly left: number; readonly portBusy: boolean; readonly back: number }
  | { readonly do: 'wait'; readonly ms: number }
  /** Something survives every signal. */
  | { readonly do: 'stuck' };

const back = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({
      do: fc.constantFrom('spawned', 'spawned', 'spawn-failed', 'exited', 'healthy', 'sick'),
      back,
    }) as fc.Arbitrary<Step>,
  },
  { weight: 20, arbitrary: fc.record({ do: fc.constantFrom('start', 'stop', 'restart', 'tick', 'tick', 'adopt') }) },
  {
    weight: 15,
    arbitrary: fc.record({
      do: fc.constant('looked' as const),
      left: fc.integer({ min: 0, max: 2 }),
      portBusy: fc.boolean(),
      back,
    }),
  },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 70_000 }) }) },
  { weight: 8, arbitrary: fc.constant<Step>({ do: 'stuck' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'shutdown' }) },
);

const policies = fc.record({
  initialDelayMs: fc.constantFrom(0, 1000),
  maxDelayMs: fc.constantFrom(2000, 60_000),
  factor: fc.constantFrom(1, 2, 10),
  stableAfterMs: fc.constantFrom(1000, 60_000),
  maxAttempts: fc.constantFrom(null, 1, 5),
});

/** Runs a story against the machine and checks what must hold after every single decision. */
class World {
  state: MachineState = initialState('stopped', 0);
  nowMs = 1_000_000;
  ended = false;
  /** Runs whose spawn was ordered and whose processes are not proven gone, as the world knows it. */
  readonly alive = new Set<string>();
  readonly spec;

  constructor(restart: Parameters<typeof makeSpec>[0]) {
    this.spec = makeSpec(restart);
  }

  play(event: MachineEvent): void {
    const before = this.state;
    if ('runId' in event && event.kind === 'looked' && event.left.length === 0) this.alive.delete(event.runId);
    if (event.kind === 'spawn-failed') this.alive.delete(event.runId);
    const { state, effects, refused } = decide(before, event, makeGiven(this.spec, this.nowMs));
    if (refused) {
      expect(refused.code).toBe('ILLEGAL_TRANSITION');
      expect(state).toBe(before);
      expect(effects).toEqual([]);
    }
    this.state = state;
    for (const effect of effects) {
      if (effect.kind === 'spawn') {
        expect([...this.alive], 'spawned while another run may live').toEqual([]);
        expect(state.wanted === 'running' && !state.shuttingDown, 'spawned against what is wanted').toBe(true);
        this.alive.add(effect.runId);
      }
      if (effect.kind === 'end') this.ended = true;
    }
    const { phase } = state;
    if (phase.name === 'stopped' || phase.name === 'backing-off') expect([...this.alive]).toEqual([]);
    if (phase.name === 'failed' && this.alive.size > 0) expect(phase.unproven?.runId).toBe([...this.alive][0]);
    if (phase.name === 'backing-off') {
      expect(phase.untilMs - this.nowMs).toBeLessThanOrEqual(this.spec.restart.maxDelayMs);
    }
    expect(state.runs.length).toBeLessThanOrEqual(50);
    expect(state.runs.filter((run) => run.endedAtMs === null).length).toBeLessThanOrEqual(1);
  }

  /** The newest run, or a former one for a late event. */
  runId(stepsBack: number): string {
    return `run-${Math.max(0, this.state.runNumber - stepsBack)}`;
  }

  do(step: Step): void {
    switch (step.do) {
      case 'wait':
        this.nowMs += step.ms;
        return;
      case 'stuck':
        for (const ms of [0, 10_000, 2000, 8000]) {
          this.nowMs += ms;
          this.do({ do: 'looked', left: 2, portBusy: false, back: 0 });
        }
        return;
      case 'tick':
        return this.play({ kind: 'tick', logTail: null });
      case 'adopt': {
        // A new runner finds exactly what lives.
        const lives = this.alive.size > 0 && (this.nowMs & 1) === 0;
        const leader = lives ? leaderOf(this.state.runNumber) : null;
        const left = this.alive.size > 0 && !lives && this.nowMs % 3 === 0 ? 1 : 0;
        if (!lives && left === 0) this.alive.clear();
        return this.play({ kind: 'adopt', leader, left, rebooted: false, stoppedOutside: false, logTail: null });
      }
      case 'spawned': {
        const runId = this.runId(step.back);
        const { fingerprint, host, port } = this.spec;
        const run = { runId, leader: leaderOf(this.state.runNumber - step.back), fingerprint, host, port };
        return this.play({ kind: 'spawned', runId, run });
      }
      case 'spawn-failed':
        // A spawn fails only while one is under way.
        if (this.state.phase.name !== 'spawning') return;
        return this.play({ kind: 'spawn-failed', runId: this.runId(0), reason: 'no' });
      case 'exited':
        return this.play({
          kind: 'exited',
          runId: this.runId(step.back),
          code: 1,
          signal: null,
          statusKnown: true,
          logTail: null,
        });
      case 'healthy':
      case 'sick':
        return this.play({
          kind: 'probed',
          runId: this.runId(step.back),
          healthy: step.do === 'healthy',
          detail: step.do,
        });
      case 'looked': {
        const runId = this.runId(step.back);
        // Looks are answers to what the machine asked, so there is one only for what it is stopping.
        if (this.state.phase.name !== 'stopping' || this.state.phase.run.runId !== runId) return;
        return this.play({
          kind: 'looked',
          runId,
          leaderAlive: step.left > 1,
          left: Array.from({ length: step.left }, (_, index) => ({ pid: 77 + index, startTime: 'x' })),
          leftWords: 'some',
          portHolder: step.left === 0 && step.portBusy ? 'process 9' : null,
        });
      }
      default:
        return this.play({ kind: step.do });
    }
  }

  /** Lets a cooperative world answer until nothing is left to happen. */
  settle(): void {
    for (let round = 0; round < 300 && !this.isSettled(); round++) {
      const { phase } = this.state;
      if (phase.name === 'spawning') this.do({ do: 'spawned', back: 0 });
      else if (phase.name === 'stopping') this.do({ do: 'looked', left: 0, portBusy: false, back: 0 });
      else if (phase.name === 'starting') this.do({ do: 'healthy', back: 0 });
      else {
        this.nowMs = Math.max(this.nowMs, nextTickMs(this.state) ?? this.nowMs);
        this.do({ do: 'tick' });
      }
    }
  }

  isSettled(): boolean {
    return ['stopped', 'failed', 'ready', 'degraded'].includes(this.state.phase.name);
  }
}

describe('any sequence of events', () => {
  it('keeps one run at most, never spawns while a stop is unproven, and ends where it is wanted', () => {
    fc.assert(
      fc.property(policies, fc.array(step, { maxLength: 80 }), (restart, steps) => {
        const world = new World(restart);
        for (const next of steps) {
          if (world.ended) break;
          world.do(next);
        }
        world.settle();
        const { phase, wanted, shuttingDown } = world.state;
        expect(world.isSettled()).toBe(true);
        if (wanted === 'stopped' || shuttingDown) {
          expect(['stopped', 'failed']).toContain(phase.name);
          expect(liveRun(phase) === null || phase.name === 'failed').toBe(true);
        } else if (!world.ended) expect(['ready', 'degraded', 'failed']).toContain(phase.name);
      }),
      { numRuns: 5000 },
    );
  });
});
