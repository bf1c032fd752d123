import { GATEWAY_NAME } from '../../contract/names.ts';
import type { ProcessKind, ProcessReport, WantedState } from '../../contract/process-state.ts';
import type { Site } from '../../contract/site-schema.ts';
import type { ProcessStatus } from '../../contract/site-status.ts';

/** A process that the site names. */
export interface NamedProcess {
  readonly name: string;
  readonly kind: ProcessKind;
  readonly engine: string;
  readonly serves: readonly string[];
}

/** Every process that a site wants supervised: the gateway, the model servers, the rest. */
export function namedProcesses(site: Site | null): readonly NamedProcess[] {
  if (!site) return [];
  return [
    { name: GATEWAY_NAME, kind: 'gateway', engine: 'outpost', serves: [] },
    ...site.servers.map(({ name, engine, serves }) => ({ name, kind: 'server' as const, engine, serves })),
    ...site.processes.map(({ name, kind }) => ({ name, kind: 'process' as const, engine: kind, serves: [] })),
  ];
}

export interface ProcessFacts {
  readonly wanted: WantedState;
  readonly report: ProcessReport | null;
  readonly port: number | null;
  readonly restartNeeded: boolean;
  /** Why it cannot be started at all, or null. */
  readonly blocked: string | null;
}

/** One line of `outpost status`. */
export function processStatus(named: NamedProcess, facts: ProcessFacts): ProcessStatus {
  const { report, blocked } = facts;
  const runs = report !== null && report.pid !== null;
  return {
    name: named.name,
    kind: named.kind,
    engine: named.engine,
    wanted: facts.wanted,
    actual: report?.actual ?? (blocked !== null && facts.wanted === 'running' ? 'failed' : 'stopped'),
    pid: report?.pid ?? null,
    port: (runs ? report.port : null) ?? facts.port,
    restarts: report?.restarts ?? 0,
    ready_at: isoTime(report?.readyAtMs),
    spawned_at: isoTime(report?.spawnedAtMs),
    next_attempt_at: isoTime(report?.nextAttemptAtMs),
    reason: blocked ?? report?.reason ?? null,
    serves: named.serves,
    simulated: named.engine === 'simulated',
    run: report?.runNumber ?? 0,
    restart_needed: facts.restartNeeded,
  };
}

function isoTime(timeMs: number | null | undefined): string | null {
  return timeMs === null || timeMs === undefined ? null : new Date(timeMs).toISOString();
}
