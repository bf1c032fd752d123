/** A piece of a text: one that the search found, or what lies between. */
export interface MarkedPiece {
  readonly text: string;
  readonly found: boolean;
}

/**
 * An expression that finds what a text search asked for: words, "exact phrases" and begin*; null when it asks for
 * nothing that could be shown. Words after NOT are not looked for, since no row that is found has them.
 */
export function searchPattern(search: string): RegExp | null {
  const asked = search.replaceAll(/\bNOT\s+("[^"]*"?|\S+)/g, ' ');
  const terms = [...asked.matchAll(/"([^"]*)"?|(\S+)/g)].flatMap(([, phrase, word]) => {
    if (phrase !== undefined) return termPattern(phrase, false);
    if (word === undefined || /^(AND|OR)$/.test(word) || word.startsWith('-')) return [];
    return termPattern(word.replaceAll(/[()]/g, ''), word.includes('*'));
  });
  if (terms.length === 0) return null;
  // Letters, digits and marks make a word, as they do in the index.
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${terms.join('|')})`, 'giu');
}

function termPattern(term: string, begins: boolean): readonly string[] {
  const words = term.match(/[\p{L}\p{N}\p{M}]+/gu);
  if (!words) return [];
  return [`${words.join('[^\\p{L}\\p{N}]+')}${begins ? '[\\p{L}\\p{N}]*' : '(?![\\p{L}\\p{N}])'}`];
}

/** The text in pieces that give it again when put together. */
export function markMatches(text: string, pattern: RegExp | null): readonly MarkedPiece[] {
  if (!pattern) return [{ text, found: false }];
  const pieces: MarkedPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), found: false });
    pieces.push({ text: match[0], found: true });
    from = match.index + match[0].length;
  }
  if (from < text.length || pieces.length === 0) pieces.push({ text: text.slice(from), found: false });
  return pieces;
}
