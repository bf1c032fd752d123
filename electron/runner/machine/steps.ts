import { beginStop } from '../../base/process-tree-stop.ts';
import type { RunRecord } from '../../contract/process-state.ts';
import { backoffDelayMs } from './backoff.ts';
import type { Effect, Given, LiveRun, MachineState, Outcome, Phase } from './state.ts';
import { KEPT_RUNS } from './state.ts';

/** Begins a new run, and records it. */
export function spawn(state: MachineState, given: Given): Outcome {
  const number = state.runNumber + 1;
  const runId = given.runId(number);
  const record: RunRecord = {
    runId,
    number,
    pid: null,
    spawnedAtMs: given.nowMs,
    readyAtMs: null,
    endedAtMs: null,
    exitCode: null,
    signal: null,
    cause: null,
    reason: null,
    logPath: given.logPath(number),
  };
  return to(
    {
      ...state,
      phase: { name: 'spawning', runId, again: false },
      runNumber: number,
      runs: [...state.runs, record].slice(-KEPT_RUNS),
    },
    [{ kind: 'spawn', runId, number }],
  );
}

/** Begins to stop a run; `why` decides what follows once it is proven stopped. */
export function stopRun(
  state: MachineState,
  run: LiveRun,
  why: 'requested' | 'crashed',
  reason: string | null,
  given: Given,
): Outcome {
  const progress = beginStop(given.spec.stopGraceMs, true, given.nowMs);
  return look({ ...state, phase: { name: 'stopping', run, progress, why, reason, goneSinceMs: null } }, run);
}

/** After an end that nobody asked for, with nothing left of the run. */
export function afterCrash(state: MachineState, reason: string, given: Given): Outcome {
  const { restart } = given.spec;
  const record = state.runs.at(-1);
  const readyMs = record?.readyAtMs != null ? (record.endedAtMs ?? given.nowMs) - record.readyAtMs : 0;
  const attempts = (readyMs >= restart.stableAfterMs ? 0 : state.attempts) + 1;
  const counted: MachineState = { ...state, attempts, lastEnd: reason };
  if (state.shuttingDown) return to({ ...counted, phase: { name: 'stopped' } }, [{ kind: 'end', error: null }]);
  if (state.wanted === 'stopped') return to({ ...counted, phase: { name: 'stopped' }, lastEnd: null });
  if (restart.maxAttempts !== null && attempts >= restart.maxAttempts) {
    const summary = `Given up after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts in a row'}. ${reason}`;
    return to({ ...counted, phase: { name: 'failed', reason: summary, unproven: null } });
  }
  const delayMs = backoffDelayMs(restart, attempts);
  if (delayMs === 0) return spawn({ ...counted, restarts: counted.restarts + 1 }, given);
  return to({ ...counted, phase: { name: 'backing-off', untilMs: given.nowMs + delayMs, reason } });
}

export function look(state: MachineState, run: LiveRun): Outcome {
  return to(state, [{ kind: 'look', run }]);
}

export function setPhase(state: MachineState, phase: Phase): Outcome {
  return to({ ...state, phase });
}

export function to(state: MachineState, effects: readonly Effect[] = []): Outcome {
  return { state, effects, refused: null };
}
