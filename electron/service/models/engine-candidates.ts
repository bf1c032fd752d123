import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { EngineCandidate } from '../../contract/control-api.ts';
import { findOnPath, isExecutable } from '../telemetry/find-executable.ts';

/** Engines found on this machine: vLLM on the PATH and where virtual environments commonly are, and the simulator. */
export function findEngineCandidates(
  env: NodeJS.ProcessEnv = process.env,
  home = homedir(),
): readonly EngineCandidate[] {
  const onPath = findOnPath('vllm', env);
  const folders = [
    home,
    path.join(home, 'venvs'),
    path.join(home, '.virtualenvs'),
    path.join(home, 'miniconda3', 'envs'),
    '/opt',
    '/opt/venvs',
    '/srv',
  ];
  const inEnvironments = folders.flatMap((folder) =>
    ['', ...subfolders(folder)].flatMap((name) =>
      [path.join(folder, name, 'bin', 'vllm'), path.join(folder, name, '.venv', 'bin', 'vllm')].filter(isExecutable),
    ),
  );
  const commands = [...new Set([...(onPath ? [onPath] : []), ...inEnvironments])];
  return [
    ...commands.map((command) => ({ engine: 'vllm', command })),
    { engine: 'simulated', command: 'built into Outpost' },
  ];
}

function subfolders(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .slice(0, 200)
      .map((entry) => entry.name);
  } catch {
    // Not there or not readable: nothing to find.
    return [];
  }
}
