import type { RequestFilter } from '../../contract/request-row.ts';
import { stateNumber } from '../row-columns.ts';
import type { BlockSummary, Bounds } from './block-summary.ts';
import { BLOCK_ROWS, hashOfId, tokensOf, NO_TOKENS } from './column-block.ts';
import type { BlockColumns } from './column-block.ts';
import type { Kind } from './kinds.ts';

/** Whether a kind fulfils the conditions on its values. `except` leaves one field out. */
export function kindTest(filter: RequestFilter, except?: keyof Kind): (kind: Kind) => boolean {
  const tests: ((kind: Kind) => boolean)[] = [];
  const equals = (field: keyof Kind, wanted: string | number | undefined): void => {
    if (wanted !== undefined && field !== except) tests.push((kind) => kind[field] === wanted);
  };
  equals('state', filter.state === undefined ? undefined : stateNumber(filter.state));
  equals('http_status', filter.httpStatus);
  equals('model', filter.model);
  equals('served_by', filter.server);
  equals('feature', filter.feature);
  equals('key_name', filter.key);
  equals('finish_reason', filter.finishReason);
  equals('error_code', filter.errorCode);
  const { statusClass } = filter;
  if (statusClass !== undefined && except !== 'http_status') {
    tests.push(({ http_status }) => http_status !== null && Math.floor(http_status / 100) === statusClass);
  }
  return (kind) => tests.every((test) => test(kind));
}

/** Whether anything but time and text is filtered by. */
export function hasColumnConditions(filter: RequestFilter): boolean {
  return Object.entries(filter).some(
    ([name, value]) => value !== undefined && !['sinceMs', 'untilMs', 'search', 'searchIn'].includes(name),
  );
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** The conditions on numbers that each row has its own of. */
export interface NumberConditions {
  readonly time: Range | null;
  readonly ttft: Range | null;
  readonly duration: Range | null;
  readonly tokens: Range | null;
  readonly idHash: number | null;
}

export function numberConditions(filter: RequestFilter): NumberConditions {
  const range = (min: number | undefined, max: number | undefined): Range | null =>
    min === undefined && max === undefined ? null : { min: min ?? -Infinity, max: max ?? Infinity };
  // Durations are compared as they are kept here, with seven digits.
  const rounded = (value: number | undefined): number | undefined => (value === undefined ? value : Math.fround(value));
  return {
    time: range(filter.sinceMs, filter.untilMs === undefined ? undefined : filter.untilMs - 1),
    ttft: range(rounded(filter.ttftMinMs), rounded(filter.ttftMaxMs)),
    duration: range(rounded(filter.durationMinMs), rounded(filter.durationMaxMs)),
    tokens: range(filter.tokensMin, filter.tokensMax),
    idHash: filter.requestId === undefined ? null : hashOfId(filter.requestId),
  };
}

/** What can be said of a block's rows as a whole. */
export function judgeBlock(block: BlockColumns, conditions: NumberConditions): 'all' | 'some' | 'none' {
  const { time, ttft, duration, tokens, idHash } = conditions;
  const judged = [
    time === null ? 'all' : judgeBounds({ min: block.oldestMs, max: block.newestMs }, time),
    // A row may lack these, which bounds do not tell.
    ...optional(ttft, (summary) => summary.ttftMs, block),
    ...optional(duration, (summary) => summary.durationMs, block),
    ...optional(tokens, (summary) => summary.tokens, block),
    idHash === null ? 'all' : 'some',
  ];
  if (judged.includes('none')) return 'none';
  return judged.every((one) => one === 'all') ? 'all' : 'some';
}

function optional(range: Range | null, bounds: (summary: BlockSummary) => Bounds | null, block: BlockColumns) {
  if (range === null) return [];
  return [judgeBounds(bounds(block.summary), range) === 'none' ? 'none' : 'some'] as const;
}

function judgeBounds(bounds: Bounds | null, range: Range): 'all' | 'some' | 'none' {
  if (bounds === null || bounds.max < range.min || bounds.min > range.max) return 'none';
  return bounds.min >= range.min && bounds.max <= range.max ? 'all' : 'some';
}

/** Places found in one block: the first `count` of `places`, rising. Overwritten by the next search. */
export interface Places {
  readonly places: Uint16Array;
  count: number;
}

export function newPlaces(): Places {
  return { places: new Uint16Array(BLOCK_ROWS), count: 0 };
}

/**
 * Finds the rows of a block whose code is chosen and whose numbers fulfil the conditions, between two places, both
 * included. One pass for each condition over what the former left: simple loops that run at memory speed.
 */
export function findPlaces(
  block: BlockColumns,
  chosen: Uint8Array,
  conditions: NumberConditions,
  dayStartMs: number,
  from: number,
  to: number,
  found: Places,
): void {
  const { time, ttft, duration, tokens, idHash } = conditions;
  const codes = block.codes();
  const { places } = found;
  let count = 0;
  if (idHash === null) {
    for (let place = from; place <= to; place += 1) {
      places[count] = place;
      count += chosen[codes[place] as number] as number;
    }
  } else {
    const hashes = block.idHashes();
    for (let place = from; place <= to; place += 1) {
      if (hashes[place] === idHash && chosen[codes[place] as number] === 1) places[count++] = place;
    }
  }
  found.count = count;
  if (time !== null && (block.oldestMs < time.min || block.newestMs > time.max)) {
    keepWithin(found, block.times(), { min: time.min - dayStartMs, max: time.max - dayStartMs });
  }
  if (ttft !== null) keepWithin(found, block.ttft(), ttft);
  if (duration !== null) keepWithin(found, block.duration(), duration);
  if (tokens !== null) keepTokens(found, block, tokens);
}

function keepWithin(found: Places, values: Float32Array | Int32Array, { min, max }: Range): void {
  const { places } = found;
  let count = 0;
  for (let index = 0; index < found.count; index += 1) {
    const place = places[index] as number;
    const value = values[place] as number;
    places[count] = place;
    if (value >= min && value <= max) count += 1;
  }
  found.count = count;
}

function keepTokens(found: Places, block: BlockColumns, { min, max }: Range): void {
  const { places } = found;
  const prompt = block.prompt();
  const completion = block.completion();
  let count = 0;
  for (let index = 0; index < found.count; index += 1) {
    const place = places[index] as number;
    const value = tokensOf(prompt[place] ?? NO_TOKENS, completion[place] ?? NO_TOKENS);
    places[count] = place;
    if (value >= min && value <= max) count += 1;
  }
  found.count = count;
}
