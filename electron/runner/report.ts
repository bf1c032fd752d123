import type { ProcessReport } from '../contract/process-state.ts';
import type { RunnerSpec } from '../contract/runner-protocol.ts';
import type { MachineState, PhaseName } from './machine/state.ts';
import { asClause } from './machine/describe-end.ts';
import { liveRun } from './machine/state.ts';

const actualOf: { readonly [P in PhaseName]: ProcessReport['actual'] } = {
  stopped: 'stopped',
  failed: 'failed',
  'backing-off': 'backing-off',
  spawning: 'starting',
  starting: 'starting',
  ready: 'ready',
  degraded: 'degraded',
  stopping: 'stopping',
};

/** What the runner says about its process. */
export function toReport(state: MachineState, spec: RunnerSpec, runnerPid: number): ProcessReport {
  const { phase } = state;
  const run = liveRun(phase);
  const record = run && state.runs.find((entry) => entry.runId === run.runId);
  const lives = phase.name !== 'failed' && record?.endedAtMs === null;
  return {
    name: spec.name,
    kind: spec.kind,
    wanted: state.wanted,
    actual: actualOf[phase.name],
    pid: lives ? record.pid : null,
    runnerPid,
    port: run ? run.port : spec.port,
    restarts: state.restarts,
    spawnedAtMs: lives ? record.spawnedAtMs : null,
    readyAtMs: lives ? record.readyAtMs : null,
    nextAttemptAtMs: phase.name === 'backing-off' ? phase.untilMs : null,
    reason: reasonOf(state),
    runId: phase.name === 'spawning' ? phase.runId : (run?.runId ?? null),
    runNumber: state.runNumber,
    runFingerprint: run?.fingerprint ?? null,
  };
}

function reasonOf({ phase, lastEnd }: MachineState): string | null {
  const restarted = lastEnd === null ? null : `Restarted: the run before ${asClause(lastEnd)}`;
  switch (phase.name) {
    case 'failed':
    case 'backing-off':
    case 'degraded':
      return phase.reason;
    case 'stopping':
      return phase.why === 'crashed' ? phase.reason : null;
    case 'spawning':
    case 'starting':
    case 'ready':
      return restarted;
    case 'stopped':
      return null;
  }
}
