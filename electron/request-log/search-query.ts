/** A piece needs something that the tokenizer keeps; a search for signs alone finds nothing. */
const hasLetterOrDigit = /[\p{L}\p{N}\p{Co}]/u;

/**
 * What an operator typed as an FTS5 expression: words must all occur, "quoted words" as a phrase, word* as a prefix.
 * Everything else is text: no input is an error. Null when there is nothing to search for.
 */
export function parseSearch(text: string): string | null {
  const terms: string[] = [];
  // A quote that is never closed reaches to the end.
  for (const [, phrase, word] of text.matchAll(/"([^"]*)(?:"|$)|([^\s"]+)/g)) {
    const piece = phrase ?? word ?? '';
    if (!hasLetterOrDigit.test(piece)) continue;
    const isPrefix = word !== undefined && /\*+$/.test(word);
    // Between quotes FTS5 knows no operators; NUL would end the expression.
    const quoted = `"${piece.replaceAll('\0', ' ').replaceAll('"', '""')}"`;
    terms.push(isPrefix ? `${quoted}*` : quoted);
  }
  return terms.length === 0 ? null : terms.join(' AND ');
}
