import type { ProcessStatus } from '../../../electron/contract/site-status.ts';
import { isProblem } from './find-problems.ts';

/** One sentence on the whole site, such as "3 of 4 processes are ready, 1 needs attention". */
export function summarize(processes: readonly ProcessStatus[]): string {
  if (processes.length === 0) return 'Nothing is set up to run yet';
  const ready = processes.filter((process) => process.actual === 'ready').length;
  const problems = processes.filter(isProblem).length;
  const stopped = processes.filter((process) => process.actual === 'stopped' && process.wanted !== 'running').length;
  const parts =
    ready === processes.length
      ? ['Everything is ready']
      : [`${ready} of ${processes.length} processes ${processes.length === 1 ? 'is' : 'are'} ready`];
  if (problems > 0) parts.push(`${problems} ${problems === 1 ? 'needs' : 'need'} attention`);
  if (stopped > 0) parts.push(`${stopped} stopped on purpose`);
  return parts.join(', ');
}
