import type { Command } from 'commander';
import { removeSocketFolder } from '../../base/data-paths.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import type { Answer, CommandContext, RunCommand } from '../command-context.ts';
import { withCommonOptions } from '../command-context.ts';
import { connectControl } from '../control-client.ts';
import type { FoundService } from '../find-service.ts';
import { findService } from '../find-service.ts';
import { endService, isServiceProcess, waitForEnd } from '../service-process.ts';
import { shutdownRunners } from '../shutdown-runners.ts';

/** The service ends itself right after it has answered; closing the request log may take a moment. */
const SERVICE_END_MS = 15_000;

interface DownOutcome {
  readonly stopped: readonly string[];
  /** `ended`: by itself, as asked; `killed`: it did not answer; `not-running`: there was none. */
  readonly service: 'ended' | 'killed' | 'not-running';
}

export function registerDown(program: Command, run: RunCommand): void {
  withCommonOptions(program.command('down'))
    .description('stop every supervised process, then the service; works with the service dead too')
    .action((_options: unknown, command: Command) => run(command, bringDown));
}

async function bringDown({ dataRoot, terminal, json }: CommandContext): Promise<Result<Answer>> {
  const found = findService(dataRoot);
  if (!found.ok && found.error.code !== 'SERVICE_NOT_RUNNING') return found;
  const asked = found.ok ? await askService(found.value) : null;
  if (asked?.ok === false) return asked;
  let outcome = asked?.ok ? asked.value : null;

  if (!outcome && found.ok && (await isServiceProcess(found.value.pid))) {
    const { pid } = found.value;
    if (!json) terminal.writeError(`The service (process ${pid}) does not answer; ending it.\n`);
    // First, or it would start again what is stopped below.
    if (!(await endService(pid))) return serviceStays(pid);
    outcome = { stopped: [], service: 'killed' };
  }
  // After a service in order, this finds nothing left and proves it.
  const left = await shutdownRunners(dataRoot);
  if (!left.ok) return left;
  removeSocketFolder(dataRoot);
  const { stopped, service } = outcome ?? { stopped: [], service: 'not-running' };
  return succeed(answerOf({ stopped: [...new Set([...stopped, ...left.value])], service }, dataRoot));
}

/** Null when the service does not answer, so that it has to be done without it. */
async function askService(service: FoundService): Promise<Result<DownOutcome> | null> {
  const connected = await connectControl(service);
  if (!connected.ok) return connected.error.code === 'CONTROL_UNAUTHORIZED' ? connected : null;
  const { api, operate, close } = connected.value;
  // Stopping takes as long as the longest grace period of a process.
  const outcome = await operate(api.processes.stopEverything.mutate(), null);
  close();
  if (!outcome.ok) return outcome.error.code === 'SERVICE_UNREACHABLE' ? null : outcome;
  if (!(await waitForEnd(service.pid, SERVICE_END_MS)) && !(await endService(service.pid))) {
    return serviceStays(service.pid);
  }
  return succeed({ stopped: outcome.value.stopped, service: 'ended' });
}

function serviceStays(pid: number): Result<never> {
  return fail(
    'PROCESS_STOP_INCOMPLETE',
    `The service (process ${pid}) does not end.`,
    'Run this command as the user that the service runs as, or end the process by hand.',
  );
}

function answerOf({ stopped, service }: DownOutcome, dataRoot: string): Answer {
  const lines: string[] = [];
  if (stopped.length > 0) lines.push(`■ Stopped: ${stopped.join(', ')}.`);
  if (service === 'ended') lines.push('■ The service has ended.');
  if (service === 'killed') lines.push('■ The service did not answer and was ended.');
  if (lines.length === 0) lines.push(`Nothing is running on the data directory ${dataRoot}.`);
  return { json: { stopped, service }, text: lines.join('\n') };
}
