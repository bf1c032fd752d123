/** A piece needs something that the tokenizer keeps; a search for signs alone finds nothing. */
const hasLetterOrDigit = /[\p{L}\p{N}\p{Co}]/u;
/** Deeper parentheses are not looked at: nobody types them, and the index has a limit of its own. */
const DEEPEST = 20;

export interface SearchTerm {
  readonly type: 'term';
  /** A word, or several that follow each other. */
  readonly text: string;
  readonly isPrefix: boolean;
}

export type SearchNode =
  | SearchTerm
  | { readonly type: 'not'; readonly part: SearchNode }
  | { readonly type: 'and' | 'or'; readonly parts: readonly SearchNode[] };

type Token = SearchTerm | { readonly type: 'open' | 'close' | 'and' | 'or' | 'not' };

/** What was typed, as a tree; null when there is nothing to search for. Never an error. */
export function readSearch(text: string): SearchNode | null {
  const tokens = tokenize(text);
  let at = 0;

  const readOr = (depth: number): SearchNode | null => {
    const parts = [readAnd(depth)];
    while (tokens[at]?.type === 'or') {
      at += 1;
      parts.push(readAnd(depth));
    }
    return group('or', parts);
  };
  const readAnd = (depth: number): SearchNode | null => {
    const parts: (SearchNode | null)[] = [];
    for (;;) {
      const token = tokens[at];
      if (token === undefined || token.type === 'or') break;
      if (token.type === 'close') {
        if (depth > 0) break;
        // One that closes nothing is just a sign.
        at += 1;
        continue;
      }
      if (token.type === 'and') at += 1;
      else parts.push(readOne(depth));
    }
    return group('and', parts);
  };
  const readOne = (depth: number): SearchNode | null => {
    let isWanted = true;
    for (; tokens[at]?.type === 'not'; at += 1) isWanted = !isWanted;
    const token = tokens[at];
    if (token === undefined || token.type === 'close' || token.type === 'or' || token.type === 'and') return null;
    at += 1;
    let node: SearchNode | null;
    if (token.type === 'term') node = token;
    else if (depth >= DEEPEST) return null;
    else {
      node = readOr(depth + 1);
      // One that is never closed reaches to the end.
      if (tokens[at]?.type === 'close') at += 1;
    }
    return node === null || isWanted ? node : { type: 'not', part: node };
  };
  return readOr(0);
}

/** The terms that may be found, in the order in which they were typed; those that must not occur are left out. */
export function wantedTerms(node: SearchNode | null): readonly SearchTerm[] {
  if (node === null || node.type === 'not') return [];
  return node.type === 'term' ? [node] : node.parts.flatMap(wantedTerms);
}

function group(type: 'and' | 'or', parts: readonly (SearchNode | null)[]): SearchNode | null {
  const given = parts.filter((part) => part !== null);
  return given.length > 1 ? { type, parts: given } : (given[0] ?? null);
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  // A quote that is never closed reaches to the end.
  for (const [, before = '', phrase, word] of text.matchAll(/([-(]*)"([^"]*)(?:"|$)|([^\s"]+)/g)) {
    if (word === undefined) {
      tokens.push(...signs(before), ...term(phrase ?? '', false));
      continue;
    }
    if (word === 'AND' || word === 'OR' || word === 'NOT') {
      tokens.push({ type: word === 'AND' ? 'and' : word === 'OR' ? 'or' : 'not' });
      continue;
    }
    const [, start = '', middle = '', end = ''] = /^([-(]*)(.*?)(\)*)$/s.exec(word) ?? [];
    const piece = middle.replace(/\*+$/, '');
    const isOnlySigns = !hasLetterOrDigit.test(piece);
    // A sign that stands alone means nothing, but for parentheses.
    tokens.push(...signs(isOnlySigns ? start.replaceAll('-', '') : start), ...term(piece, piece !== middle));
    for (const _ of end) tokens.push({ type: 'close' });
  }
  return tokens;
}

function signs(text: string): readonly Token[] {
  return [...text].map((sign) => ({ type: sign === '-' ? 'not' : 'open' }));
}

function term(text: string, isPrefix: boolean): readonly Token[] {
  return hasLetterOrDigit.test(text) ? [{ type: 'term', text, isPrefix }] : [];
}
