import type { ControlOperations } from '../../contract/control-api.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import type { ProcessReport } from '../../contract/process-state.ts';
import type { ProcessStatus } from '../../contract/site-status.ts';
import type { Clock } from '../../base/clock.ts';
import type { Store, WantedOverride } from '../store/store.ts';
import type { ProcessLogs, Supervisor } from '../supervise/supervision.ts';
import type { SiteRuntime } from './site-runtime.ts';

export interface ProcessOperationParts {
  readonly runtime: SiteRuntime;
  readonly supervisor: Supervisor;
  readonly logs: ProcessLogs;
  readonly store: Store;
  readonly clock: Clock;
  /** Ends the service soon after the answer is on its way. */
  readonly endService: () => void;
}

type Names =
  'startProcess' | 'stopProcess' | 'restartProcess' | 'stopEverything' | 'runs' | 'readLog' | 'searchLog' | 'followLog';

export function processOperations(parts: ProcessOperationParts): Pick<ControlOperations, Names> {
  const { runtime, supervisor, logs, store, clock } = parts;

  const statusOf = (name: string): ProcessStatus | null =>
    runtime.statuses().find((status) => status.name === name) ?? null;

  const unknown = (name: string): Result<never> => {
    const names = runtime.statuses().map((status) => status.name);
    const known = names.length > 0 ? `Known: ${names.join(', ')}.` : 'There is no site yet.';
    return fail('PROCESS_UNKNOWN', `There is no process named "${name}". ${known}`, 'See "outpost status".');
  };

  const ask = async (
    name: string,
    wanted: WantedOverride,
    act: (name: string) => Promise<Result<ProcessReport>>,
  ): Promise<Result<ProcessStatus>> => {
    if (!statusOf(name)) return unknown(name);
    store.setOverride(name, wanted, clock.nowMs());
    const result = await runtime.ask(name, async () => {
      const blocked = runtime.blockedBy(name);
      if (!blocked) return act(name);
      if (wanted === 'running') return { ok: false, error: blocked } as const;
      return runtime.reports().has(name) ? act(name) : succeed(null);
    });
    if (!result.ok) return result;
    const status = statusOf(name);
    return status ? succeed(status) : unknown(name);
  };

  return {
    startProcess: (name) => ask(name, 'running', supervisor.start),
    stopProcess: (name) => ask(name, 'stopped', supervisor.stop),
    restartProcess: (name) => ask(name, 'running', supervisor.restart),
    async stopEverything() {
      runtime.end();
      const stopped = await supervisor.shutdownAll();
      if (!stopped.ok) return stopped;
      parts.endService();
      return succeed({ stopped: stopped.value });
    },
    async runs(name) {
      return statusOf(name) ? supervisor.runs(name) : unknown(name);
    },
    readLog: (input) => logs.read(input),
    searchLog: (input) => logs.search(input),
    followLog: (input, emit, signal) => logs.follow(input, emit, signal),
  };
}
