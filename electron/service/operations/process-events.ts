import type { ProcessReport } from '../../contract/process-state.ts';
import type { SiteEvent } from '../../contract/site-status.ts';

/** Events before they have an id. */
export type NewEvent = Omit<SiteEvent, 'id'>;
type Reports = ReadonlyMap<string, ProcessReport>;

/**
 * What happened between two looks at the processes, in an operator's words. A process first seen that was spawned before
 * `serviceStartedAtMs` was adopted rather than started.
 */
export function processEvents(
  before: Reports,
  after: Reports,
  nowMs: number,
  serviceStartedAtMs: number,
): readonly NewEvent[] {
  const events: NewEvent[] = [];
  for (const [name, next] of after) {
    const event = describe(before.get(name), next, nowMs, serviceStartedAtMs);
    if (event) events.push({ timeMs: nowMs, process: name, ...event });
  }
  for (const name of before.keys()) {
    if (!after.has(name)) events.push({ timeMs: nowMs, process: name, level: 'info', text: `${name} was removed` });
  }
  return events;
}

type Described = Pick<NewEvent, 'level' | 'text'>;

function describe(
  before: ProcessReport | undefined,
  next: ProcessReport,
  nowMs: number,
  serviceStartedAtMs: number,
): Described | null {
  const { name } = next;
  const because = next.reason === null ? '' : `: ${next.reason}`;
  if (!before && next.pid !== null && next.spawnedAtMs !== null && next.spawnedAtMs < serviceStartedAtMs) {
    return { level: 'info', text: `${name} was running already (process ${next.pid}) and is supervised again` };
  }
  if (before && before.actual === next.actual && before.runId === next.runId) return null;
  const isLoop = next.actual === 'starting' || next.actual === 'backing-off';
  if (isLoop && !isWorthTelling(next.restarts)) return null;
  switch (next.actual) {
    case 'stopped':
      return before && before.actual !== 'stopped' ? { level: 'info', text: `${name} stopped${because}` } : null;
    case 'starting':
      if (before?.actual === 'stopping' && before.reason !== null) {
        return { level: 'error', text: `${name} ended: ${before.reason}; starting again` };
      }
      return { level: 'info', text: next.restarts > 0 ? `${name} is starting again` : `${name} is starting` };
    case 'ready':
      return { level: 'info', text: `${name} is ready${afterWords(next)}` };
    case 'degraded':
      return { level: 'warning', text: `${name} does not answer its health check${because}` };
    case 'hung':
      return { level: 'error', text: `${name} hangs${because}` };
    case 'stopping':
      // With a reason it ended by itself and the rest of its tree is cleared away; what follows tells how it ended.
      return next.reason === null ? { level: 'info', text: `${name} is stopping` } : null;
    case 'backing-off':
      return { level: 'error', text: `${name} ended${because}; ${restartWords(next, nowMs)}` };
    case 'failed':
      return { level: 'error', text: `${name} failed${because}` };
    case 'lost':
      return { level: 'warning', text: `${name} has lost its runner${because}; a new one takes over` };
  }
}

/** A process that fails again and again would fill the events with nothing else: then only every doubling is told. */
function isWorthTelling(restarts: number): boolean {
  return restarts <= 4 || Number.isInteger(Math.log2(restarts));
}

function afterWords(report: ProcessReport): string {
  if (report.spawnedAtMs === null || report.readyAtMs === null) return '';
  return ` after ${durationInWords(report.readyAtMs - report.spawnedAtMs)}`;
}

function restartWords(report: ProcessReport, nowMs: number): string {
  const waitMs = report.nextAttemptAtMs === null ? 0 : Math.max(0, report.nextAttemptAtMs - nowMs);
  const when = waitMs < 500 ? 'restarting now' : `restarting in ${durationInWords(waitMs)}`;
  return `${when} (${ordinal(report.restarts + 1)} restart)`;
}

/** Such as "0.4 s", "42 s" or "3 min 5 s". */
export function durationInWords(durationMs: number): string {
  if (durationMs < 9950) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function ordinal(count: number): string {
  const tens = count % 100;
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${ending}`;
}
