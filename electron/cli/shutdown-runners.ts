import { dataPaths } from '../base/data-paths.ts';
import { createProcessTrees } from '../base/process-tree.ts';
import { readRunnerState } from '../base/runner-state-file.ts';
import { listRunners, shutdownRunner } from '../base/shutdown-runner.ts';
import { GATEWAY_NAME } from '../contract/names.ts';
import type { Result } from '../contract/outpost-error.ts';
import { fail, succeed } from '../contract/outpost-error.ts';

/**
 * Stops every supervised process of a data directory without the service, the gateway last, so that nobody is refused
 * for a server that still runs. Resolves with the names of those that were running. What cannot be stopped does not keep
 * the others from being stopped; all of it is in the one error.
 */
export async function shutdownRunners(dataRoot: string): Promise<Result<readonly string[]>> {
  const names = listRunners(dataRoot);
  const living = new Set<string>();
  for (const name of names) if (await isLiving(dataRoot, name)) living.add(name);

  const servers = names.filter((name) => name !== GATEWAY_NAME);
  const outcomes = await Promise.all(servers.map((name) => shutdownRunner(dataRoot, name)));
  if (names.includes(GATEWAY_NAME)) outcomes.push(await shutdownRunner(dataRoot, GATEWAY_NAME));

  const errors = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
  const [first] = errors;
  if (first) return fail(first.code, errors.map((error) => error.message).join(' '), first.action);
  return succeed(names.filter((name) => living.has(name)));
}

async function isLiving(dataRoot: string, name: string): Promise<boolean> {
  const state = readRunnerState(dataPaths(dataRoot), name);
  const trees = createProcessTrees();
  // A number from before the computer was restarted is another process' by now.
  if (!state || state.bootId !== trees.bootId()) return false;
  if (await trees.isAlive(state.runner)) return true;
  return state.run?.leader ? trees.isAlive(state.run.leader) : false;
}
