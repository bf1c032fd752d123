import { beginStop } from '../../base/process-tree-stop.ts';
import { describeEnd } from './describe-end.ts';
import { editRun, endRun, openRun } from './run-records.ts';
import type { Given, LiveRun, MachineEvent, MachineState, Outcome } from './state.ts';
import { currentRunId, liveRun } from './state.ts';
import { afterCrash, look, setPhase, spawn, stopRun, to } from './steps.ts';

/** What a new runner gives a process it finds still starting, however long its start has taken before. */
const ADOPTED_READY_MS = 10_000;

type AdoptEvent = Extract<MachineEvent, { kind: 'adopt' }>;

/** A new runner takes over what a dead one left: goes on with what lives, finds out how the rest ended. */
export function adopt(state: MachineState, event: AdoptEvent, given: Given): Outcome {
  const kept: MachineState = { ...state, shuttingDown: false };
  const { phase } = kept;
  const runId = currentRunId(phase);
  if (runId === null) {
    if (kept.wanted === 'stopped') return to(kept);
    // What was given up on stays so, since a new runner changes nothing; a new boot may well.
    if (phase.name === 'failed' && !event.rebooted) return to(kept);
    if (phase.name === 'backing-off' && !event.rebooted) return to(kept);
    return spawn({ ...kept, attempts: 0 }, given);
  }
  const { fingerprint, host, port } = liveRun(phase) ?? given.spec;
  const run: LiveRun = { runId, leader: event.leader ?? liveRun(phase)?.leader ?? null, fingerprint, host, port };
  if (event.leader) {
    const recorded = editRun(kept, runId, (record) => ({ ...record, pid: event.leader?.pid ?? null }));
    if (phase.name === 'stopping')
      return look(
        { ...recorded, phase: { ...phase, run, progress: beginStop(given.spec.stopGraceMs, true, given.nowMs) } },
        run,
      );
    if (kept.wanted === 'stopped' || phase.name === 'failed') return stopRun(recorded, run, 'requested', null, given);
    if (phase.name === 'ready' || phase.name === 'degraded') return setPhase(recorded, { ...phase, run });
    const spawnedAtMs = openRun(recorded)?.spawnedAtMs ?? given.nowMs;
    const deadlineMs = Math.max(spawnedAtMs + given.spec.readyTimeoutMs, given.nowMs + ADOPTED_READY_MS);
    return setPhase(recorded, { name: 'starting', run, deadlineMs, note: null });
  }
  const wasStopped = event.stoppedOutside || (phase.name === 'stopping' && phase.why === 'requested');
  const reason = describeUnseenEnd(kept, event, wasStopped, given);
  const ended = endRun(kept, runId, wasStopped ? 'stopped' : 'unknown', reason, null, null, given);
  if (event.left > 0) return stopRun(ended, run, wasStopped ? 'requested' : 'crashed', reason, given);
  if (kept.wanted === 'stopped') return to({ ...ended, phase: { name: 'stopped' } });
  if (event.rebooted || wasStopped) return spawn({ ...ended, attempts: 0 }, given);
  return afterCrash(ended, reason, given);
}

function describeUnseenEnd(state: MachineState, event: AdoptEvent, wasStopped: boolean, given: Given): string {
  if (event.rebooted) return 'Ended when the computer was restarted.';
  if (wasStopped) return 'Stopped on request.';
  const record = openRun(state);
  return describeEnd({
    code: null,
    signal: null,
    statusKnown: false,
    ranMs: given.nowMs - (record?.spawnedAtMs ?? given.nowMs),
    wasReady: record?.readyAtMs != null,
    logTail: event.logTail,
  });
}
