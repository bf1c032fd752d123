import type { RunEndCause, RunRecord } from '../../contract/process-state.ts';
import type { Given, MachineState } from './state.ts';

/** How a run ended; the time stays when its leader was seen to end before. */
export function endRun(
  state: MachineState,
  runId: string,
  cause: RunEndCause,
  reason: string,
  exitCode: number | null,
  signal: string | null,
  given: Given,
): MachineState {
  return editRun(state, runId, (record) => ({
    ...record,
    endedAtMs: record.endedAtMs ?? given.nowMs,
    exitCode,
    signal,
    cause,
    reason,
  }));
}

/** The leader ended during a stop; how the run as a whole ended is written when the stop is proven. */
export function noteExit(
  state: MachineState,
  runId: string,
  exitCode: number | null,
  signal: string | null,
  given: Given,
): MachineState {
  return editRun(state, runId, (record) =>
    record.endedAtMs === null ? { ...record, exitCode, signal, endedAtMs: given.nowMs } : record,
  );
}

/** Why a run is going to be stopped, before it is. */
export function noteEnd(state: MachineState, runId: string, cause: RunEndCause, reason: string): MachineState {
  return editRun(state, runId, (record) => ({ ...record, cause, reason }));
}

export function editRun(state: MachineState, runId: string, edit: (record: RunRecord) => RunRecord): MachineState {
  return { ...state, runs: state.runs.map((record) => (record.runId === runId ? edit(record) : record)) };
}

/** The record of the current run, which is always the newest. */
export function openRun(state: MachineState): RunRecord | null {
  return state.runs.at(-1) ?? null;
}
