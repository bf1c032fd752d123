import type { ControlOperations } from '../../contract/control-api.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import type { ProcessReport } from '../../contract/process-state.ts';
import type { ProcessStatus } from '../../contract/site-status.ts';
import type { Clock } from '../../base/clock.ts';
import type { Store, WantedOverride } from '../store/store.ts';
import type { ProcessLogs, Supervisor } from '../supervise/supervision.ts';
import { explainDiskFailure } from './guard-disk.ts';
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

  /** The log of a removed process can still be read; only without one is its name the mistake. */
  const orUnknown = <T>(name: string, result: Result<T>): Result<T> =>
    !result.ok && result.error.code === 'NOT_FOUND' && !statusOf(name) ? unknown(name) : result;

  const ask = async (
    name: string,
    wanted: WantedOverride,
    request: (name: string) => Promise<Result<ProcessReport>>,
  ): Promise<Result<ProcessStatus>> => {
    if (!statusOf(name)) return unknown(name);
    const unwritten = remember(name, wanted);
    const act = async (): Promise<Result<ProcessReport | null>> => {
      const blocked = runtime.blockedBy(name);
      if (!blocked) return request(name);
      if (wanted === 'running') return { ok: false, error: blocked };
      return runtime.reports().has(name) ? request(name) : succeed(null);
    };
    // A stop needs no new spec: a disk that takes none must not stand in its way.
    const result = await runtime.ask(name, act).catch((error: unknown) => {
      if (wanted !== 'stopped' || unwritten === null) throw error;
      return act();
    });
    if (!result.ok) return result;
    const status = statusOf(name);
    if (!status) return unknown(name);
    return unwritten === null ? succeed(status) : fail('DISK_WRITE_FAILED', notKept(status, unwritten), FREE_SPACE);
  };

  /** Null, or why the disk did not take it. A disk that is full must not keep an operator from stopping a process. */
  const remember = (name: string, wanted: WantedOverride): string | null => {
    try {
      store.setOverride(name, wanted, clock.nowMs());
      return null;
    } catch (error) {
      return explainDiskFailure(error).error.message;
    }
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
    readLog: async (input) => orUnknown(input.name, await logs.read(input)),
    searchLog: async (input) => orUnknown(input.name, await logs.search(input)),
    followLog: (input, emit, signal) => logs.follow(input, emit, signal),
  };
}

const FREE_SPACE = 'Free space in the data directory and ask again, so that it is remembered.';

function notKept({ name, actual }: ProcessStatus, reason: string): string {
  return `${name} is ${actual} now, but the next start of the service will not know that you asked for it. ${reason}`;
}
