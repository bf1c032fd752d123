import { queryField, queryFields } from './request-query-fields.ts';
import type { RequestFilter } from './request-row.ts';

/** A part of the text that was not understood and is not in the filter. */
export interface QueryProblem {
  /** UTF-16 offsets of the first character and of the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

export interface ParsedRequestQuery {
  readonly filter: RequestFilter;
  readonly problems: readonly QueryProblem[];
}

const LONGEST_SEARCH = 500;
const fieldPattern = /([A-Za-z]+):("(?:[^"\\]|\\.)*(?:"|$)|[^\s"]*)/y;
/** Pieces of the search text, cut as the search cuts them. */
const textPattern = /[-(]*"[^"]*(?:"|$)|[^\s"]+/y;

/**
 * Reads what was typed into one box: `model:x state:error ttft:>2s since:1h "exact words" -word`. Fields become
 * conditions, everything else is searched for. A field that is not right is a problem, never an error; a word with a
 * colon that is no field is searched for.
 */
export function parseRequestQuery(text: string, nowMs: number): ParsedRequestQuery {
  let filter: RequestFilter = {};
  const problems: QueryProblem[] = [];
  const search: string[] = [];
  let searchFrom = 0;
  for (let at = 0; at < text.length;) {
    if (/\s/.test(text[at] ?? '')) {
      at += 1;
      continue;
    }
    const [, name = '', value = ''] = matchAt(fieldPattern, text, at) ?? [];
    const field = queryField(name);
    if (field === undefined) {
      const piece = matchAt(textPattern, text, at)?.[0] ?? text.slice(at);
      if (search.length === 0) searchFrom = at;
      search.push(piece);
      at += piece.length;
      continue;
    }
    const to = at + name.length + 1 + value.length;
    const reading = field.read(unquote(value), nowMs);
    if ('reason' in reading) problems.push({ from: at, to, reason: `${field.name}: ${reading.reason}.` });
    else {
      const again = Object.keys(reading.filter).some((key) => key in filter);
      if (again) problems.push({ from: at, to, reason: `${field.name} is given twice; the last one counts.` });
      filter = { ...filter, ...reading.filter };
    }
    at = to;
  }
  const words = search.join(' ');
  if (words.length > LONGEST_SEARCH) {
    const reason = `The words to search for are longer than ${LONGEST_SEARCH} characters.`;
    problems.push({ from: searchFrom, to: text.length, reason });
  } else if (words !== '') filter = { ...filter, search: words };
  return { filter, problems };
}

/** The text for a filter; reading it again gives the same filter. */
export function printRequestQuery(filter: RequestFilter): string {
  const fields = queryFields.flatMap(({ name, print }) => print(filter).map((value) => `${name}:${quote(value)}`));
  // At the end, as a quote that is never closed reaches to the end.
  return [...fields, ...printSearch(filter.search ?? '')].join(' ');
}

/** A value as it is typed behind a field's colon. */
export function quote(value: string): string {
  return value === '' || /[\s"\\]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;
}

function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  const inner = /^"((?:[^"\\]|\\.)*)/s.exec(value)?.[1] ?? '';
  return inner.replace(/\\(.)/gs, '$1');
}

function printSearch(search: string): readonly string[] {
  const pieces = search.match(new RegExp(textPattern, 'g')) ?? [];
  return pieces.map((piece) => {
    // Searched for, not filtered by: a phrase of its own.
    const isField = queryField(matchAt(fieldPattern, piece, 0)?.[1] ?? '') !== undefined;
    return isField ? `"${piece}"` : piece;
  });
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
