import { diffWordsWithSpace } from 'diff';

/** A piece of one of two texts: in both, or in this one alone. */
export interface ComparedPiece {
  readonly text: string;
  readonly differs: boolean;
}

export interface ComparedTexts {
  readonly before: readonly ComparedPiece[];
  readonly after: readonly ComparedPiece[];
  /** Whether the texts were too long or too different to be compared word by word. */
  readonly gaveUp: boolean;
}

const LONGEST_MS = 1500;

/** Compares word by word, for both sides of the screen. */
export function compareTexts(before: string, after: string): ComparedTexts {
  const changes = diffWordsWithSpace(before, after, { timeout: LONGEST_MS });
  if (!changes) {
    return {
      before: [{ text: before, differs: false }],
      after: [{ text: after, differs: false }],
      gaveUp: true,
    };
  }
  return {
    before: changes.flatMap(({ value, added, removed }) => (added ? [] : [{ text: value, differs: removed }])),
    after: changes.flatMap(({ value, added, removed }) => (removed ? [] : [{ text: value, differs: added }])),
    gaveUp: false,
  };
}

/** How a figure changed: "+12", "−3", "the same"; null when one of them is not known. */
export function changeWords(
  before: number | null,
  after: number | null,
  format: (value: number) => string,
): string | null {
  if (before === null || after === null) return null;
  const change = after - before;
  if (change === 0) return 'the same';
  return `${change > 0 ? '+' : '−'}${format(Math.abs(change))}`;
}
