import type { SearchTerm } from './search-words.ts';

/** From the first character to the one after the last. */
export type Mark = readonly [number, number];

/** Characters around the first match, and the length of a snippet in all. */
const BEFORE = 60;
const LENGTH = 240;
const MOST_MARKS = 50;
/** Of a longer text only the beginning is looked through, which takes a few milliseconds. */
const MOST_CHARACTERS = 256 * 1024;
const words = /[\p{L}\p{N}\p{Co}\p{M}]+/gu;

interface Word {
  readonly start: number;
  readonly end: number;
  readonly folded: string;
}

/** Where the terms occur in a text, by the rules of the text index: whole words, without regard to case and accents. */
export function markWords(text: string, terms: readonly SearchTerm[]): readonly Mark[] {
  const phrases = terms
    .map(({ text: phrase, isPrefix }) => ({ words: wordsOf(phrase).map(({ folded }) => folded), isPrefix }))
    .filter((phrase) => phrase.words.length > 0);
  const found = wordsOf(text.slice(0, MOST_CHARACTERS));
  const marks: Mark[] = [];
  for (let at = 0; at < found.length && marks.length < MOST_MARKS; at += 1) {
    const longest = Math.max(0, ...phrases.filter((one) => beginsAt(found, at, one)).map((one) => one.words.length));
    const first = found[at];
    const last = found[at + longest - 1];
    if (longest === 0 || first === undefined || last === undefined) continue;
    marks.push([first.start, last.end]);
    at += longest - 1;
  }
  return marks;
}

/** A piece of the text around the first mark, with the marks inside it. */
export function snippetOf(
  text: string,
  marks: readonly Mark[],
): { readonly text: string; readonly marks: readonly Mark[] } {
  const [first] = marks;
  if (first === undefined) return { text: '', marks: [] };
  const from = wholeCharacter(text, Math.max(0, first[0] - BEFORE));
  const to = wholeCharacter(text, Math.min(text.length, from + LENGTH));
  const inside = marks
    .filter(([start]) => start < to)
    .map(([start, end]): Mark => [start - from, Math.min(end, to) - from]);
  return { text: text.slice(from, to), marks: inside };
}

/** Not between the two halves of a character. */
function wholeCharacter(text: string, place: number): number {
  const unit = text.charCodeAt(place);
  return unit >= 0xdc00 && unit <= 0xdfff ? place - 1 : place;
}

function beginsAt(
  found: readonly Word[],
  at: number,
  phrase: { words: readonly string[]; isPrefix: boolean },
): boolean {
  return phrase.words.every((wanted, index) => {
    const folded = found[at + index]?.folded;
    const isLast = index === phrase.words.length - 1;
    return folded === wanted || (phrase.isPrefix && isLast && folded?.startsWith(wanted) === true);
  });
}

function wordsOf(text: string): readonly Word[] {
  return Array.from(text.matchAll(words), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    folded: match[0].normalize('NFD').replace(/\p{M}/gu, '').toLowerCase(),
  }));
}
