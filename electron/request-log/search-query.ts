/** A piece needs something that the tokenizer keeps; a search for signs alone finds nothing. */
const hasLetterOrDigit = /[\p{L}\p{N}\p{Co}]/u;
/** In alphabets with few letters one or two of them begin too many words to be looked up at a keystroke. */
const isShortPrefix = /^[^\u0530-\uffff]{1,2}$/;

export interface ParsedSearch {
  /** FTS5 expression, or null when there is nothing to search for. */
  readonly expression: string | null;
  /** How the text was understood where that may surprise. */
  readonly notes: readonly string[];
}

/**
 * What an operator typed as an FTS5 expression: words must all occur, "quoted words" as a phrase, word* as a prefix.
 * Everything else is text: no input is an error.
 */
export function parseSearch(text: string): ParsedSearch {
  const terms: string[] = [];
  const notes: string[] = [];
  // A quote that is never closed reaches to the end.
  for (const [, phrase, word] of text.matchAll(/"([^"]*)(?:"|$)|([^\s"]+)/g)) {
    const piece = phrase ?? word?.replace(/\*+$/, '') ?? '';
    if (!hasLetterOrDigit.test(piece)) continue;
    // Between quotes FTS5 knows no operators; NUL would end the expression.
    const quoted = `"${piece.replaceAll('\0', ' ').replaceAll('"', '""')}"`;
    const isPrefix = word !== undefined && word !== piece;
    if (isPrefix && isShortPrefix.test(piece)) {
      notes.push(
        `The beginning of a word needs at least three letters: ${word} was searched for as the word ${piece}.`,
      );
      terms.push(quoted);
    } else terms.push(isPrefix ? `${quoted}*` : quoted);
  }
  return { expression: terms.length === 0 ? null : terms.join(' AND '), notes };
}
