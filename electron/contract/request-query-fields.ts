import { requestStates } from './request-states.ts';
import type { RequestFilter } from './request-row.ts';

/** What a value of a field becomes, or in words why it cannot be one. */
export type FieldReading = { readonly filter: RequestFilter } | { readonly reason: string };

export interface QueryField {
  readonly name: string;
  /** For the list of candidates. */
  readonly hint: string;
  readonly read: (value: string, nowMs: number) => FieldReading;
  /** Values of the field that say what the filter says, or none. */
  readonly print: (filter: RequestFilter) => readonly string[];
}

type TextKey = 'model' | 'server' | 'feature' | 'key' | 'finishReason' | 'errorCode' | 'requestId';

/** Every field of the query language, in the order in which they are printed and offered. */
export const queryFields: readonly QueryField[] = [
  moment('since', 'sinceMs', 'from then on: since:1h, since:2026-01-31'),
  moment('until', 'untilMs', 'before then: until:30m, until:2026-01-31T12:00'),
  text('model', 'model', 'served model name'),
  text('server', 'server', 'model server that answered'),
  text('feature', 'feature', 'GitLab Duo feature'),
  text('key', 'key', 'name of the API key'),
  {
    name: 'state',
    hint: `how it ended: ${requestStates.join(', ')}`,
    read(value) {
      const state = requestStates.find((known) => known === value);
      return state === undefined ? { reason: `use one of ${requestStates.join(', ')}` } : { filter: { state } };
    },
    print: ({ state }) => (state === undefined ? [] : [state]),
  },
  {
    name: 'status',
    hint: 'HTTP status: status:404, status:5xx',
    read(value) {
      if (/^[1-5]xx$/i.test(value)) return { filter: { statusClass: Number(value[0]) } };
      if (/^[1-5]\d\d$/.test(value)) return { filter: { httpStatus: Number(value) } };
      return { reason: 'use a status such as 404, or 5xx for all from 500 to 599' };
    },
    print: ({ httpStatus, statusClass }) => [
      ...(statusClass === undefined ? [] : [`${statusClass}xx`]),
      ...(httpStatus === undefined ? [] : [String(httpStatus)]),
    ],
  },
  duration('ttft', 'ttftMinMs', 'ttftMaxMs', 'time to first token: ttft:>2s, ttft:200ms..1s'),
  duration('duration', 'durationMinMs', 'durationMaxMs', 'duration: duration:>30s'),
  {
    name: 'tokens',
    hint: 'prompt and completion tokens: tokens:>1000, tokens:<50',
    read(value) {
      const range = readRange(value, (bound) => (/^\d{1,15}$/.test(bound) ? Number(bound) : null));
      if (range === null) return { reason: 'use >1000, >=1000, <50, <=50 or 50..1000' };
      const { min, max, isOpen } = range;
      return {
        filter: {
          ...(min === null ? {} : { tokensMin: min + (isOpen ? 1 : 0) }),
          ...(max === null ? {} : { tokensMax: Math.max(0, max - (isOpen ? 1 : 0)) }),
        },
      };
    },
    print: ({ tokensMin, tokensMax }) => printRange(tokensMin, tokensMax, String),
  },
  text('finish', 'finishReason', 'finish reason: finish:length'),
  text('code', 'errorCode', 'error code: code:UPSTREAM_TIMED_OUT'),
  text('id', 'requestId', 'request id that the client saw'),
  {
    name: 'in',
    hint: 'where words are looked for: in:prompt, in:answer',
    read(value) {
      const searchIn = (['prompt', 'answer', 'both'] as const).find((known) => known === value);
      return searchIn === undefined ? { reason: 'use prompt, answer or both' } : { filter: { searchIn } };
    },
    print: ({ searchIn }) => (searchIn === undefined ? [] : [searchIn]),
  },
];

export function queryField(name: string): QueryField | undefined {
  return queryFields.find((field) => field.name === name.toLowerCase());
}

function text(name: string, key: TextKey, hint: string): QueryField {
  return {
    name,
    hint,
    read: (value) => (value === '' ? { reason: 'a value is missing' } : { filter: { [key]: value } }),
    print: (filter) => (filter[key] === undefined ? [] : [filter[key]]),
  };
}

function moment(name: string, key: 'sinceMs' | 'untilMs', hint: string): QueryField {
  return {
    name,
    hint,
    read(value, nowMs) {
      const agoMs = durationMs(value);
      const timeMs = agoMs === null ? timeOf(value) : nowMs - Math.round(agoMs);
      return Number.isSafeInteger(timeMs)
        ? { filter: { [key]: timeMs } }
        : { reason: 'use how long ago, such as 30m, 1h or 7d, or a time such as 2026-01-31T12:00 (UTC)' };
    },
    print: (filter) => {
      const timeMs = filter[key];
      // Beyond what a date can say there is nothing to filter by either.
      return timeMs === undefined || Math.abs(timeMs) > 8.64e15 ? [] : [new Date(timeMs).toISOString()];
    },
  };
}

function timeOf(value: string): number {
  if (!/^[+-]?\d{4,6}-\d\d/.test(value)) return NaN;
  const hasZone = /(?:Z|[+-]\d\d:\d\d)$/i.test(value) || !value.includes('T');
  return Date.parse(hasZone ? value : `${value}Z`);
}

function duration(
  name: string,
  minKey: 'ttftMinMs' | 'durationMinMs',
  maxKey: 'ttftMaxMs' | 'durationMaxMs',
  hint: string,
): QueryField {
  return {
    name,
    hint,
    read(value) {
      const range = readRange(value, durationMs);
      if (range === null) return { reason: 'use >2s, <500ms or 200ms..1s' };
      const { min, max } = range;
      // Times have fractions: whether the bound itself belongs to it makes no difference that anyone sees.
      return { filter: { ...(min === null ? {} : { [minKey]: min }), ...(max === null ? {} : { [maxKey]: max }) } };
    },
    print: (filter) =>
      printRange(filter[minKey], filter[maxKey], (ms) => (ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`)),
  };
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

function durationMs(value: string): number | null {
  const match = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)(ms|s|m|h|d|w)$/.exec(value);
  const ms = Number(match?.[1]) * (unitMs[match?.[2] ?? ''] ?? NaN);
  return Number.isFinite(ms) ? ms : null;
}

interface QueryRange {
  readonly min: number | null;
  readonly max: number | null;
  /** Whether the bound itself is left out. */
  readonly isOpen: boolean;
}

function readRange(value: string, readBound: (bound: string) => number | null): QueryRange | null {
  const compared = /^([<>]=?)(.+)$/.exec(value);
  if (compared !== null) {
    const [, sign = '', bound = ''] = compared;
    const number = readBound(bound);
    if (number === null) return null;
    const isMin = sign.startsWith('>');
    return { min: isMin ? number : null, max: isMin ? null : number, isOpen: !sign.endsWith('=') };
  }
  const [from, to] = value.split('..');
  const min = readBound(from ?? '');
  const max = readBound(to ?? '');
  return min === null || max === null ? null : { min, max, isOpen: false };
}

function printRange(
  min: number | undefined,
  max: number | undefined,
  print: (bound: number) => string,
): readonly string[] {
  return [...(min === undefined ? [] : [`>=${print(min)}`]), ...(max === undefined ? [] : [`<=${print(max)}`])];
}
