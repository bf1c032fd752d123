import type { ProcessStatus } from '../../electron/contract/site-status.ts';
import { actualStateWord } from './state-words.ts';

/** Sentences for what changed between two states of the site, for those who hear the page instead of seeing it. */
export function describeStateChanges(
  before: readonly ProcessStatus[],
  after: readonly ProcessStatus[],
): readonly string[] {
  const former = new Map(before.map((process) => [process.name, process]));
  return after.flatMap((process) => {
    const earlier = former.get(process.name);
    if (!earlier || earlier.actual === process.actual) return [];
    const word = actualStateWord(process.actual).toLowerCase();
    return [process.reason ? `${process.name} is ${word}: ${process.reason}` : `${process.name} is ${word}`];
  });
}
