import type { ProcessStatus } from '../../../electron/contract/site-status.ts';

/** Whether an operator should look at a process now. Starting and stopping are no problems, a stop that was asked for neither. */
export function isProblem(process: ProcessStatus): boolean {
  switch (process.actual) {
    case 'failed':
    case 'hung':
    case 'lost':
    case 'degraded':
    case 'backing-off':
      return true;
    case 'stopped':
      return process.wanted === 'running';
    case 'ready':
      return process.restart_needed;
    case 'starting':
    case 'stopping':
      return false;
  }
}

const weights: Partial<Record<ProcessStatus['actual'], number>> = {
  failed: 0,
  hung: 1,
  lost: 2,
  'backing-off': 3,
  stopped: 4,
  degraded: 5,
};

/** The processes that need attention, the gateway and the worst first. */
export function findProblems(processes: readonly ProcessStatus[]): readonly ProcessStatus[] {
  const weight = (process: ProcessStatus) => (weights[process.actual] ?? 9) - (process.kind === 'gateway' ? 100 : 0);
  return processes.filter(isProblem).sort((a, b) => weight(a) - weight(b) || a.name.localeCompare(b.name));
}

/** What is wrong in a sentence, when the process itself gives no reason. */
export function explainProblem(process: ProcessStatus): string {
  if (process.reason) return process.reason;
  switch (process.actual) {
    case 'failed':
      return 'It ended and is not started again by itself.';
    case 'hung':
      return 'It runs, but its health check no longer answers.';
    case 'lost':
      return 'Its runner does not answer, so its state is not known.';
    case 'degraded':
      return 'It answers, but not as it should.';
    case 'backing-off':
      return 'It ended and is started again after a pause.';
    case 'stopped':
      return 'It should run, but does not.';
    default:
      return 'Its configuration was changed; the change comes into force with a restart.';
  }
}
