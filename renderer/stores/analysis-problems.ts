import type { OutpostError } from '../../electron/contract/outpost-error.ts';
import type { RequestHistogram, RequestTotals } from '../../electron/contract/request-analysis.ts';
import { valueOf } from './loadable.ts';
import type { Loadable } from './loadable.ts';

/** Why the totals could not be read, unless the histogram failed with the same words, which are shown once. */
export function totalsProblem(
  totals: Loadable<RequestTotals>,
  histogram: Loadable<RequestHistogram>,
): OutpostError | null {
  const problem = problemOf(totals);
  return problem?.message === problemOf(histogram)?.message ? null : problem;
}

/** Why the numbers that are shown are not complete, each reason once. */
export function analysisWarnings(
  totals: Loadable<RequestTotals>,
  histogram: Loadable<RequestHistogram>,
): readonly string[] {
  return [...new Set([...(valueOf(histogram)?.warnings ?? []), ...(valueOf(totals)?.warnings ?? [])])];
}

function problemOf<T>(data: Loadable<T>): OutpostError | null {
  if (data.state === 'failed') return data.error;
  return data.state === 'loaded' ? data.refreshError : null;
}
