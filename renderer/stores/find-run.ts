import type { RunRecord } from '../../electron/contract/process-state.ts';

/** The run that a moment (UTC epoch milliseconds) falls into, or null when none was alive or is known. */
export function findRun(
  runs: readonly Pick<RunRecord, 'number' | 'spawnedAtMs' | 'endedAtMs'>[],
  timeMs: number,
): number | null {
  const run = runs.find(
    ({ spawnedAtMs, endedAtMs }) => spawnedAtMs <= timeMs && (endedAtMs === null || timeMs <= endedAtMs),
  );
  return run?.number ?? null;
}
