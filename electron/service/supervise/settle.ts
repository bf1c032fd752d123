import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import type { ProcessReport } from '../../contract/process-state.ts';

/** What a report means for someone who waits for a start or a restart; null: wait on. */
export function settleStart(report: ProcessReport): Result<ProcessReport> | null {
  const seeLog = `Read its log: outpost logs ${report.name}.`;
  switch (report.actual) {
    case 'ready':
    case 'degraded':
      return succeed(report);
    case 'failed':
      return fail('PROCESS_START_FAILED', `${report.name} has not started. ${report.reason ?? ''}`.trim(), seeLog);
    case 'backing-off':
      return fail(
        'PROCESS_START_FAILED',
        `${report.name} has not started. ${report.reason ?? ''}`.trim(),
        `${seeLog} It is tried again by itself until it is stopped or has failed too often.`,
      );
    case 'stopped':
      return fail('PROCESS_FAILED', `${report.name} was stopped before it was ready.`, 'Start it again.');
    case 'starting':
    case 'stopping':
    case 'hung':
    case 'lost':
      return null;
  }
}

/** The same for a stop. */
export function settleStop(report: ProcessReport): Result<ProcessReport> | null {
  if (report.actual === 'stopped') return succeed(report);
  if (report.wanted !== 'stopped') {
    return fail('PROCESS_FAILED', `${report.name} was started again before it was stopped.`, 'Stop it again.');
  }
  if (report.actual === 'failed') {
    return fail(
      'PROCESS_STOP_INCOMPLETE',
      `${report.name} is not stopped. ${report.reason ?? ''}`.trim(),
      'End what is left by hand, then stop it again.',
    );
  }
  return null;
}
