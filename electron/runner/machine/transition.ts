import { beginStop, stopStep } from '../../base/process-tree-stop.ts';
import { assertNever } from '../../contract/assert-never.ts';
import { outpostError } from '../../contract/outpost-error.ts';
import type { RunEndCause } from '../../contract/process-state.ts';
import { adopt } from './adopt.ts';
import { describeEnd, describeTail, formatSpan } from './describe-end.ts';
import { editRun, endRun, noteEnd, noteExit, openRun } from './run-records.ts';
import type { Given, LiveRun, MachineEvent, MachineState, Outcome, Phase, PhaseName } from './state.ts';
import { currentRunId } from './state.ts';
import { afterCrash, look, setPhase, spawn, stopRun, to } from './steps.ts';

/** How long a health check may fail before a ready process is called degraded. */
const DEGRADED_AFTER_MS = 10_000;
/** How long a port may stay bound after the last process of the tree is gone. */
const PORT_FREE_MS = 3000;

type EventKind = MachineEvent['kind'];
type EventOf<K extends EventKind> = Extract<MachineEvent, { kind: K }>;
type PhaseOf<P extends PhaseName> = Extract<Phase, { name: P }>;
type Decide<P extends PhaseName, K extends EventKind> = (
  state: MachineState,
  phase: PhaseOf<P>,
  event: EventOf<K>,
  given: Given,
) => Outcome;

/**
 * Every legal transition. A request that is missing here is refused with ILLEGAL_TRANSITION, a fact that is missing is
 * late or of no consequence in that phase and ignored. `shutdown` and `adopt` are the same in every phase, see below.
 */
const table: { readonly [P in PhaseName]: { readonly [K in EventKind]?: Decide<P, K> } } = {
  stopped: {
    start: startAnew,
    restart: startAnew,
    stop: (state) => to(want(state, 'stopped')),
  },
  failed: {
    start: startFailed,
    restart: startFailed,
    stop: (state, phase, _event, given) =>
      phase.unproven
        ? stopRun(want(state, 'stopped'), phase.unproven, 'requested', null, given)
        : to({ ...want(state, 'stopped'), phase: { name: 'stopped' } }),
  },
  'backing-off': {
    start: startAnew,
    restart: startAnew,
    stop: (state) => to({ ...want(state, 'stopped'), phase: { name: 'stopped' } }),
    tick: (state, phase, _event, given) =>
      given.nowMs < phase.untilMs ? to(state) : spawn({ ...state, restarts: state.restarts + 1 }, given),
  },
  spawning: {
    start: (state) => to(want(state, 'running')),
    stop: (state) => to(want(state, 'stopped')),
    restart: (state, phase) => to({ ...want(state, 'running'), phase: { ...phase, again: true } }),
    spawned: afterSpawn,
    'spawn-failed': (state, _phase, event, given) => {
      const reason = `Could not be started: ${event.reason}`;
      const ended = endRun(state, event.runId, 'start-failed', reason, null, null, given);
      return afterCrash(ended, reason, given);
    },
  },
  starting: {
    start: (state) => to(want(state, 'running')),
    stop: stopOnRequest,
    restart: restartOnRequest,
    exited: leaderExited,
    probed: (state, phase, event, given) => {
      if (event.healthy) return becomeReady(state, phase.run, given);
      return phase.note === event.detail ? to(state) : to({ ...state, phase: { ...phase, note: event.detail } });
    },
    tick: (state, phase, event, given) => {
      if (given.nowMs < phase.deadlineMs) return to(state);
      const reason =
        `Was not ready within ${formatSpan(given.spec.readyTimeoutMs)}` +
        `${phase.note ? ` (${phase.note})` : ''}.${describeTail(event.logTail)}`;
      const noted = noteEnd(state, phase.run.runId, 'start-failed', reason);
      return stopRun(noted, phase.run, 'crashed', reason, given);
    },
  },
  ready: {
    start: (state) => to(want(state, 'running')),
    stop: stopOnRequest,
    restart: restartOnRequest,
    exited: leaderExited,
    probed: (state, phase, event, given) => {
      if (event.healthy)
        return phase.failingSinceMs === null ? to(state) : setPhase(state, { ...phase, failingSinceMs: null });
      if (phase.failingSinceMs === null) return setPhase(state, { ...phase, failingSinceMs: given.nowMs });
      const failingMs = given.nowMs - phase.failingSinceMs;
      if (failingMs < DEGRADED_AFTER_MS) return to(state);
      return setPhase(state, {
        name: 'degraded',
        run: phase.run,
        reason: `Its health check has failed for ${formatSpan(failingMs)}: ${event.detail}.`,
      });
    },
  },
  degraded: {
    start: (state) => to(want(state, 'running')),
    stop: stopOnRequest,
    restart: restartOnRequest,
    exited: leaderExited,
    probed: (state, phase, event) =>
      event.healthy ? setPhase(state, { name: 'ready', run: phase.run, failingSinceMs: null }) : to(state),
  },
  stopping: {
    start: (state) => to(want(state, 'running')),
    stop: (state) => to(want(state, 'stopped')),
    restart: (state, _phase, _event, given) =>
      state.wanted === 'running'
        ? to(state)
        : refuse(state, 'is being stopped', 'Start it: it starts as soon as it is stopped.', given),
    exited: (state, phase, event, given) =>
      to(noteExit(state, phase.run.runId, event.code, event.signal, given), [{ kind: 'look', run: phase.run }]),
    looked: lookedWhileStopping,
  },
};

/** One decision: what the state becomes, and what is to be done about it. Pure. */
export function decide(state: MachineState, event: MachineEvent, given: Given): Outcome {
  if (event.kind === 'shutdown') return shutDown(state, given);
  if (event.kind === 'adopt') return adopt(state, event, given);
  const isRequest = event.kind === 'start' || event.kind === 'stop' || event.kind === 'restart';
  if (isRequest && state.shuttingDown) {
    return refuse(state, 'is being shut down', 'Start the service again to have it supervised.', given);
  }
  if ('runId' in event && event.runId !== currentRunId(state.phase)) return to(state);
  // The table's types tie each entry to its phase and event, which an indexed access cannot express.
  const decideThis = table[state.phase.name][event.kind] as
    ((state: MachineState, phase: Phase, event: MachineEvent, given: Given) => Outcome) | undefined;
  if (decideThis) return decideThis(state, state.phase, event, given);
  return isRequest ? refuse(state, `is ${state.phase.name}`, 'Look at its state and try again.', given) : to(state);
}

function shutDown(state: MachineState, given: Given): Outcome {
  const next: MachineState = { ...state, shuttingDown: true };
  switch (state.phase.name) {
    case 'stopped':
      return to(next, [{ kind: 'end', error: null }]);
    case 'backing-off':
      return to({ ...next, phase: { name: 'stopped' } }, [{ kind: 'end', error: null }]);
    case 'failed':
      return state.phase.unproven
        ? stopRun(next, state.phase.unproven, 'requested', null, given)
        : to(next, [{ kind: 'end', error: null }]);
    case 'starting':
    case 'ready':
    case 'degraded':
      return stopRun(next, state.phase.run, 'requested', null, given);
    case 'spawning':
    case 'stopping':
      return to(next);
    default:
      return assertNever(state.phase, 'phase');
  }
}

function startAnew(state: MachineState, _phase: Phase, _event: MachineEvent, given: Given): Outcome {
  return spawn({ ...want(state, 'running'), attempts: 0, restarts: 0, lastEnd: null }, given);
}

function startFailed(state: MachineState, phase: PhaseOf<'failed'>, event: MachineEvent, given: Given): Outcome {
  if (!phase.unproven) return startAnew(state, phase, event, given);
  const anew = { ...want(state, 'running'), attempts: 0, restarts: 0, lastEnd: null };
  return stopRun(anew, phase.unproven, 'requested', null, given);
}

function stopOnRequest(
  state: MachineState,
  phase: { readonly run: LiveRun },
  _event: MachineEvent,
  given: Given,
): Outcome {
  return stopRun(want(state, 'stopped'), phase.run, 'requested', null, given);
}

function restartOnRequest(
  state: MachineState,
  phase: { readonly run: LiveRun },
  _event: MachineEvent,
  given: Given,
): Outcome {
  const anew = { ...want(state, 'running'), attempts: 0, restarts: 0, lastEnd: null };
  return stopRun(anew, phase.run, 'requested', null, given);
}

function afterSpawn(state: MachineState, phase: PhaseOf<'spawning'>, event: EventOf<'spawned'>, given: Given): Outcome {
  const { run } = event;
  const recorded = editRun(state, event.runId, (record) => ({
    ...record,
    pid: run.leader.pid,
    spawnedAtMs: given.nowMs,
  }));
  if (state.shuttingDown || state.wanted === 'stopped' || phase.again) {
    return stopRun(recorded, run, 'requested', null, given);
  }
  const deadlineMs = given.nowMs + given.spec.readyTimeoutMs;
  return setPhase(recorded, { name: 'starting', run, deadlineMs, note: null });
}

function becomeReady(state: MachineState, run: LiveRun, given: Given): Outcome {
  const recorded = editRun(state, run.runId, (record) => ({ ...record, readyAtMs: given.nowMs }));
  return setPhase(recorded, { name: 'ready', run, failingSinceMs: null });
}

/** The leader ended though nobody asked it to: always a crash, also with code 0. What is left of its tree is ended first. */
function leaderExited(
  state: MachineState,
  phase: { readonly run: LiveRun },
  event: EventOf<'exited'>,
  given: Given,
): Outcome {
  const record = openRun(state);
  const wasReady = record?.readyAtMs != null;
  const reason = describeEnd({
    code: event.code,
    signal: event.signal,
    statusKnown: event.statusKnown,
    ranMs: given.nowMs - (record?.spawnedAtMs ?? given.nowMs),
    wasReady,
    logTail: event.logTail,
  });
  const cause: RunEndCause = !event.statusKnown ? 'unknown' : wasReady ? 'exited' : 'start-failed';
  const ended = endRun(state, phase.run.runId, cause, reason, event.code, event.signal, given);
  const progress = beginStop(given.spec.stopGraceMs, false, given.nowMs);
  return look(
    { ...ended, phase: { name: 'stopping', run: phase.run, progress, why: 'crashed', reason, goneSinceMs: null } },
    phase.run,
  );
}

function lookedWhileStopping(
  state: MachineState,
  phase: PhaseOf<'stopping'>,
  event: EventOf<'looked'>,
  given: Given,
): Outcome {
  const step = stopStep(phase.progress, event, phase.run.leader, given.nowMs);
  if (step.kind === 'wait') {
    const next = step.progress === phase.progress ? state : { ...state, phase: { ...phase, progress: step.progress } };
    return step.targets.length === 0
      ? to(next)
      : to(next, [{ kind: 'signal', signal: step.signal, targets: step.targets }]);
  }
  if (step.kind === 'incomplete') {
    return stopFailed(
      state,
      phase.run,
      `Could not be stopped: ${event.leftWords} did not end, not even when killed.`,
      given,
    );
  }
  const closed = closeRun(state, phase, given);
  // A crash or a restart is followed by a spawn, which looks at the port by itself.
  const mustFreePort = state.shuttingDown || state.wanted === 'stopped';
  if (mustFreePort && event.portHolder !== null) {
    const goneSinceMs = phase.goneSinceMs ?? given.nowMs;
    if (given.nowMs - goneSinceMs < PORT_FREE_MS) return to({ ...closed, phase: { ...phase, goneSinceMs } });
    return stopFailed(
      closed,
      phase.run,
      `No process of it is left, but its port is still in use by ${event.portHolder}.`,
      given,
    );
  }
  if (state.shuttingDown) return to({ ...closed, phase: { name: 'stopped' } }, [{ kind: 'end', error: null }]);
  if (state.wanted === 'stopped') return to({ ...closed, phase: { name: 'stopped' }, lastEnd: null });
  return phase.why === 'requested' ? spawn(closed, given) : afterCrash(closed, phase.reason ?? 'Ended.', given);
}

function stopFailed(state: MachineState, run: LiveRun, reason: string, given: Given): Outcome {
  const failed: MachineState = { ...state, phase: { name: 'failed', reason, unproven: run } };
  if (!state.shuttingDown) return to(failed);
  const error = outpostError(
    'PROCESS_STOP_INCOMPLETE',
    `${given.spec.name} is not stopped. ${reason}`,
    'End what is left by hand, or restart the computer when it cannot be ended.',
  );
  return to(failed, [{ kind: 'end', error }]);
}

function closeRun(state: MachineState, phase: PhaseOf<'stopping'>, given: Given): MachineState {
  const record = state.runs.find((run) => run.runId === phase.run.runId);
  if (!record || (record.endedAtMs !== null && record.cause !== null)) return state;
  const cause = record.cause ?? 'stopped';
  return endRun(
    state,
    record.runId,
    cause,
    record.reason ?? 'Stopped on request.',
    record.exitCode,
    record.signal,
    given,
  );
}

function want(state: MachineState, wanted: 'running' | 'stopped'): MachineState {
  return state.wanted === wanted ? state : { ...state, wanted };
}

function refuse(state: MachineState, because: string, action: string, given: Given): Outcome {
  const message = `${given.spec.name} ${because}.`;
  return { state, effects: [], refused: outpostError('ILLEGAL_TRANSITION', message, action) };
}
