import type { ProcessIdentity } from './process-tree.ts';

/** After the grace period: from SIGTERM to the whole tree until SIGKILL. */
const TREE_TERM_MS = 2000;
/** How long SIGKILL may take; what lives longer is stuck in the kernel and nothing else can be done to it. */
const KILL_MS = 8000;

/**
 * How far a stop has come. `leader`: only the leader was asked, since a server such as vLLM ends its own children in
 * order; `tree`: everything left is asked; `kill`: everything left is killed.
 */
export interface StopProgress {
  readonly phase: 'leader' | 'tree' | 'kill';
  readonly graceMs: number;
  readonly phaseSinceMs: number;
  /** Pids that got this phase's polite signal. */
  readonly asked: readonly number[];
}

/** What is left of a tree; with the leader alive in phase `leader` it may be the leader alone. */
export interface TreeView {
  readonly leaderAlive: boolean;
  readonly left: readonly ProcessIdentity[];
}

export type StopStep =
  | { readonly kind: 'gone' }
  | { readonly kind: 'incomplete'; readonly left: readonly ProcessIdentity[] }
  | {
      readonly kind: 'wait';
      readonly progress: StopProgress;
      readonly signal: 'SIGTERM' | 'SIGKILL';
      readonly targets: readonly ProcessIdentity[];
    };

/** `leaderLives` false skips the wait for a leader that cannot end anything any more. */
export function beginStop(graceMs: number, leaderLives: boolean, nowMs: number): StopProgress {
  return { phase: leaderLives ? 'leader' : 'tree', graceMs, phaseSinceMs: nowMs, asked: [] };
}

/** What to do next, given what is left. Asked again until it answers `gone` or `incomplete`; signals each phase's targets once. */
export function stopStep(
  progress: StopProgress,
  view: TreeView,
  leader: ProcessIdentity | null,
  nowMs: number,
): StopStep {
  if (view.left.length === 0) return { kind: 'gone' };
  const elapsedMs = nowMs - progress.phaseSinceMs;
  if (progress.phase === 'leader') {
    if (!view.leaderAlive || !leader || elapsedMs >= progress.graceMs) return enter('tree', progress, view, nowMs);
    return ask(progress, [leader]);
  }
  if (progress.phase === 'tree') {
    return elapsedMs >= TREE_TERM_MS ? enter('kill', progress, view, nowMs) : ask(progress, view.left);
  }
  if (elapsedMs >= KILL_MS) return { kind: 'incomplete', left: view.left };
  return { kind: 'wait', progress, signal: 'SIGKILL', targets: view.left };
}

function enter(phase: 'tree' | 'kill', progress: StopProgress, view: TreeView, nowMs: number): StopStep {
  const next: StopProgress = { ...progress, phase, phaseSinceMs: nowMs, asked: [] };
  return phase === 'tree'
    ? ask(next, view.left)
    : { kind: 'wait', progress: next, signal: 'SIGKILL', targets: view.left };
}

function ask(progress: StopProgress, targets: readonly ProcessIdentity[]): StopStep {
  const fresh = targets.filter((target) => !progress.asked.includes(target.pid));
  return {
    kind: 'wait',
    progress: fresh.length === 0 ? progress : { ...progress, asked: [...progress.asked, ...fresh.map((t) => t.pid)] },
    signal: 'SIGTERM',
    targets: fresh,
  };
}
