import { queryField, queryFields } from './request-query-fields.ts';
import { quote } from './request-query.ts';
import { requestStates } from './request-states.ts';

/** Values that occur, by the name of their field: `{ model: ['small'], key: [] }`. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

export interface QueryCandidate {
  /** What takes the place of the text from `from` to `to`. */
  readonly text: string;
  /** What it means, or nothing to say. */
  readonly hint: string;
}

export interface QueryCompletion {
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly QueryCandidate[];
}

const MOST_CANDIDATES = 20;
const fixedValues: KnownValues = {
  state: requestStates,
  status: ['2xx', '4xx', '5xx', '200', '401', '404', '429', '502', '503', '504'],
  since: ['15m', '1h', '24h', '7d'],
  until: ['1h', '24h'],
  ttft: ['>500ms', '>1s', '>2s', '>5s'],
  duration: ['>1s', '>10s', '>1m'],
  tokens: ['>1000', '>10000', '<50'],
  finish: ['stop', 'length', 'tool_calls'],
  in: ['prompt', 'answer'],
};

/** What the word before the cursor may become: names of fields, or values of one. */
export function completeRequestQuery(text: string, cursor: number, known: KnownValues): QueryCompletion {
  const before = text.slice(0, cursor);
  const word = /(?:[A-Za-z]+:"[^"]*|\S*)$/.exec(before)?.[0] ?? '';
  const from = cursor - word.length;
  const colon = word.indexOf(':');
  const field = colon < 0 ? undefined : queryField(word.slice(0, colon));
  if (field === undefined) {
    const typed = word.toLowerCase();
    const names = queryFields.filter(({ name }) => colon < 0 && name.startsWith(typed));
    return { from, to: cursor, candidates: names.map(({ name, hint }) => ({ text: `${name}:`, hint })) };
  }
  const typed = word
    .slice(colon + 1)
    .replace(/^"/, '')
    .toLowerCase();
  const values = [...(known[field.name] ?? []), ...(fixedValues[field.name] ?? [])];
  const candidates = [...new Set(values)]
    .filter((value) => value.toLowerCase().includes(typed))
    // What begins with the typed text before what only contains it.
    .sort((a, b) => Number(b.toLowerCase().startsWith(typed)) - Number(a.toLowerCase().startsWith(typed)))
    .slice(0, MOST_CANDIDATES)
    .map((value) => ({ text: `${field.name}:${quote(value)} `, hint: '' }));
  return { from, to: cursor, candidates };
}
