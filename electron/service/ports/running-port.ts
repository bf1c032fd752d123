import type { DataPaths } from '../../base/data-paths.ts';
import type { ProcessTrees } from '../../base/process-tree.ts';
import { readRunnerState } from '../../base/runner-state-file.ts';

/** The port that a supervised process runs on right now, told by its runner's state on disk; null when none runs. */
export async function runningPort(paths: DataPaths, trees: ProcessTrees, name: string): Promise<number | null> {
  const state = readRunnerState(paths, name);
  const run = state?.run;
  if (!state || !run?.leader || run.port === null || state.bootId !== trees.bootId()) return null;
  return (await trees.isAlive(run.leader)) ? run.port : null;
}
