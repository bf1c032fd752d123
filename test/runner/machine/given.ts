import type { Given, MachineEvent, MachineState, Outcome } from '../../../electron/runner/machine/state.ts';
import { decide } from '../../../electron/runner/machine/transition.ts';
import type { RestartPolicy, RunnerSpec } from '../../../electron/contract/runner-protocol.ts';

/** A spec with short times, of which a test changes what it is about. */
export function makeSpec(restart: Partial<RestartPolicy> = {}, changes: Partial<RunnerSpec> = {}): RunnerSpec {
  return {
    name: 'demo',
    kind: 'server',
    command: 'engine',
    args: [],
    env: {},
    cwd: null,
    port: 8001,
    host: '127.0.0.1',
    readiness: { kind: 'http', url: 'http://127.0.0.1:8001/health' },
    readyTimeoutMs: 60_000,
    stopGraceMs: 10_000,
    restart: { initialDelayMs: 1000, maxDelayMs: 8000, factor: 2, stableAfterMs: 60_000, maxAttempts: 5, ...restart },
    log: { directory: '/logs/demo', capBytes: 1_000_000, keepRuns: 50 },
    fingerprint: 'first',
    ...changes,
  };
}

export function makeGiven(spec: RunnerSpec, nowMs: number): Given {
  return { spec, nowMs, runId: (number) => `run-${number}`, logPath: (number) => `/logs/demo/${number}.log` };
}

/** The process that a test says was spawned for a run. */
export function leaderOf(runNumber: number) {
  return { pid: 1000 + runNumber, startTime: String(runNumber) };
}

/** Plays events to the machine and remembers what it decided. */
export class Story {
  state: MachineState;
  nowMs = 1_000_000;
  last: Outcome = { state: null as never, effects: [], refused: null };
  readonly spec: RunnerSpec;

  constructor(state: MachineState, spec: RunnerSpec) {
    this.state = state;
    this.spec = spec;
  }

  when(event: MachineEvent): this {
    this.last = decide(this.state, event, makeGiven(this.spec, this.nowMs));
    this.state = this.last.state;
    return this;
  }

  later(byMs: number): this {
    this.nowMs += byMs;
    return this;
  }

  tick(logTail: string | null = null): this {
    return this.when({ kind: 'tick', logTail });
  }

  runId(): string {
    return `run-${this.state.runNumber}`;
  }

  spawned(): this {
    const runId = this.runId();
    const leader = leaderOf(this.state.runNumber);
    const { fingerprint, host, port } = this.spec;
    return this.when({ kind: 'spawned', runId, run: { runId, leader, fingerprint, host, port } });
  }

  probed(healthy: boolean, detail = '/health answered 503'): this {
    return this.when({ kind: 'probed', runId: this.runId(), healthy, detail });
  }

  /** Started and found ready. */
  ready(): this {
    return this.spawned().probed(true);
  }

  exited(code: number | null, signal: string | null = null, logTail: string | null = 'last words'): this {
    return this.when({ kind: 'exited', runId: this.runId(), code, signal, statusKnown: true, logTail });
  }

  looked(left: readonly number[], changes: { leaderAlive?: boolean; portHolder?: string | null } = {}): this {
    return this.when({
      kind: 'looked',
      runId: this.runId(),
      leaderAlive: false,
      left: left.map((pid) => ({ pid, startTime: 'x' })),
      leftWords: `processes ${left.join(', ')}`,
      portHolder: null,
      ...changes,
    });
  }

  /** Ended by itself, with nothing left behind. */
  crashed(code = 1): this {
    return this.exited(code).looked([]);
  }
}
