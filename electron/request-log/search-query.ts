import type { RequestFilter } from '../contract/request-row.ts';
import { readSearch } from './search-words.ts';
import type { SearchNode, SearchTerm } from './search-words.ts';

/** In alphabets with few letters one or two of them begin too many words to be looked up at a keystroke. */
const isShortPrefix = /^[^\u0530-\uffff]{1,2}$/;

export interface ParsedSearch {
  /** FTS5 expression, or null when there is nothing to search for. */
  readonly expression: string | null;
  /** How the text was understood where that may surprise. */
  readonly notes: readonly string[];
}

/**
 * What an operator typed as an FTS5 expression: words must all occur, "quoted words" as a phrase, word* as a prefix;
 * OR, NOT or a minus before a word, and parentheses. Everything else is text: no input is an error.
 */
export function parseSearch(text: string, where: RequestFilter['searchIn'] = 'both'): ParsedSearch {
  const notes: string[] = [];
  const node = readSearch(text);
  const expression = node === null ? null : expressionOf(node, notes);
  if (expression === null || where === 'both') return { expression, notes };
  return { expression: `{${where}} : (${expression})`, notes };
}

function expressionOf(node: SearchNode, notes: string[]): string | null {
  if (node.type === 'term') return termExpression(node, notes);
  if (node.type === 'not') {
    notes.push('A search needs something that must occur: what only excludes was not searched for.');
    return null;
  }
  if (node.type === 'or') {
    const parts = node.parts.map((part) => expressionOf(part, notes)).filter((part) => part !== null);
    return join(parts, ' OR ');
  }
  const wanted: string[] = [];
  const unwanted: string[] = [];
  for (const part of node.parts) {
    const isNot = part.type === 'not';
    const expression = expressionOf(isNot ? part.part : part, notes);
    if (expression !== null) (isNot ? unwanted : wanted).push(expression);
  }
  const must = join(wanted, ' AND ');
  const mustNot = join(unwanted, ' OR ');
  if (must !== null && mustNot !== null) return `(${must} NOT ${mustNot})`;
  if (must === null && mustNot !== null) {
    notes.push('A search needs something that must occur: what only excludes was not searched for.');
  }
  return must;
}

function join(parts: readonly string[], operator: string): string | null {
  if (parts.length === 0) return null;
  return parts.length === 1 ? (parts[0] ?? null) : `(${parts.join(operator)})`;
}

function termExpression({ text, isPrefix }: SearchTerm, notes: string[]): string {
  // Between quotes FTS5 knows no operators; NUL would end the expression.
  const quoted = `"${text.replaceAll('\0', ' ').replaceAll('"', '""')}"`;
  if (!isPrefix) return quoted;
  if (!isShortPrefix.test(text)) return `${quoted}*`;
  notes.push(`The beginning of a word needs at least three letters: ${text}* was searched for as the word ${text}.`);
  return quoted;
}
