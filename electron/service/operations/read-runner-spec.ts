import { readFileSync } from 'node:fs';
import type { DataPaths } from '../../base/data-paths.ts';
import { runnerPaths } from '../../base/data-paths.ts';
import type { RunnerSpec, RunnerSpecFile } from '../../contract/runner-protocol.ts';

/** What a runner was last given, or null when there never was one. */
export function readRunnerSpec(paths: DataPaths, name: string): RunnerSpec | null {
  try {
    const { wanted: _wanted, ...spec } = JSON.parse(
      readFileSync(runnerPaths(paths, name).spec, 'utf8'),
    ) as RunnerSpecFile;
    return spec;
  } catch {
    // None was written yet; files are replaced in one step, so there is nothing in between.
    return null;
  }
}
