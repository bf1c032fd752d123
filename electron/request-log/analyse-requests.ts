import type {
  FacetCount,
  RequestFacetCounts,
  RequestHistogram,
  RequestHistogramQuery,
  RequestTotals,
} from '../contract/request-analysis.ts';
import { requestStates } from '../contract/request-states.ts';
import type { RequestState } from '../contract/request-states.ts';
import type { RequestFilter } from '../contract/request-row.ts';
import { KindAdder } from './columns/kind-sums.ts';
import type { KindSums } from './columns/kind-sums.ts';
import type { Kind } from './columns/kinds.ts';
import type { MatchedBlock } from './columns/match-blocks.ts';
import { kindTest } from './columns/row-filter.ts';
import { StepCounts } from './columns/step-counts.ts';
import { visitMatches } from './columns/visit-matches.ts';
import type { Visited } from './columns/visit-matches.ts';
import type { Deadline } from './deadline.ts';
import type { ReaderPartition } from './reader-partition.ts';
import type { ReaderPartitions } from './reader-partitions.ts';
import { stateNumber } from './row-columns.ts';
import { startOfDayMs } from './row-id.ts';

const FACET_VALUES = 100;
const TOP_MODELS = 10;

/** Requests over time, by state. Throws DeadlinePassed and SQLite's errors, as all of these do. */
export function readHistogram(
  partitions: ReaderPartitions,
  query: RequestHistogramQuery,
  deadline: Deadline,
): RequestHistogram {
  const sinceMs = query.sinceMs;
  const bucketMs = Math.max(1, Math.ceil((query.untilMs - sinceMs) / query.buckets));
  const buckets = Math.ceil((query.untilMs - sinceMs) / bucketMs);
  const counts = requestStates.map(() => new Array<number>(buckets).fill(0));
  const filter = {
    ...query.filter,
    sinceMs: Math.max(sinceMs, query.filter.sinceMs ?? sinceMs),
    untilMs: Math.min(query.untilMs, query.filter.untilMs ?? query.untilMs),
  };
  const { warnings } = visitMatches(partitions, filter, deadline, (block, partition) => {
    const { summary, oldestMs, newestMs } = block.columns;
    const stateOf = partition.columns.kinds.states();
    const states = Uint8Array.from(summary.kinds, (kind) => stateOf[kind] as number);
    const bucket = Math.floor((oldestMs - sinceMs) / bucketMs);
    if (!block.isWhole || bucket !== Math.floor((newestMs - sinceMs) / bucketMs)) {
      return addTimes(block, partition, states, counts, sinceMs, bucketMs);
    }
    states.forEach((state, index) => {
      const ofState = counts[state];
      if (block.chosen[index + 1] === 1 && ofState !== undefined) {
        ofState[bucket] = (ofState[bucket] ?? 0) + (summary.requests[index] ?? 0);
      }
    });
  });
  return {
    sinceMs,
    untilMs: query.untilMs,
    bucketMs,
    counts: byState((index) => counts[index] ?? []),
    ...told(warnings),
  };
}

function addTimes(
  block: MatchedBlock,
  partition: ReaderPartition,
  states: Uint8Array,
  counts: readonly number[][],
  sinceMs: number,
  bucketMs: number,
): void {
  const { places, count } = block.places();
  const codes = block.columns.codes();
  const times = block.columns.times();
  const requests = block.columns.counts();
  const offsetMs = startOfDayMs(partition.day) - sinceMs;
  for (let index = 0; index < count; index += 1) {
    const place = places[index] as number;
    const bucket = Math.floor(((times[place] as number) + offsetMs) / bucketMs);
    const ofState = counts[states[(codes[place] as number) - 1] as number] as number[];
    ofState[bucket] = (ofState[bucket] as number) + (requests === null ? 1 : (requests[place] as number));
  }
}

/** Sums, percentiles and the models with most requests. */
export function readTotals(partitions: ReaderPartitions, filter: RequestFilter, deadline: Deadline): RequestTotals {
  const kinds = new KindAdder();
  const ttft = new StepCounts();
  const duration = new StepCounts();
  const { isCapped, warnings } = visitMatches(partitions, filter, deadline, (block, partition) => {
    kinds.add(block, partition);
    const { columns } = block;
    if (block.isWhole && block.chosen.every((one, code) => code === 0 || one === 1)) {
      ttft.addCounted(columns.ttftStepCounts());
      duration.addCounted(columns.durationStepCounts());
    } else {
      const places = block.places();
      ttft.addSome(columns.ttftSteps(), places);
      duration.addSome(columns.durationSteps(), places);
    }
  });
  const sums = [...kinds.all()];
  const requestsIn = (state: number): number =>
    total(sums, ({ kind, requests }) => (kind.state === state ? requests : 0));
  return {
    rows: total(sums, ({ rows }) => rows),
    isCapped,
    ...addUp(sums),
    states: byState(requestsIn),
    ttftMs: ttft.percentiles(),
    durationMs: duration.percentiles(),
    models: topModels(sums),
    ...told(warnings),
  };
}

function topModels(sums: readonly KindSums[]): RequestTotals['models'] {
  const models = Map.groupBy(sums, ({ kind }) => kind.model);
  return [...models]
    .flatMap(([model, ofModel]) => (model === null ? [] : [{ model, ...addUp(ofModel) }]))
    .sort((a, b) => b.requests - a.requests || (a.model < b.model ? -1 : 1))
    .slice(0, TOP_MODELS);
}

function addUp(sums: readonly KindSums[]) {
  const isError = stateNumber('error');
  return {
    requests: total(sums, ({ requests }) => requests),
    errors: total(sums, ({ kind, requests }) => (kind.state === isError ? requests : 0)),
    promptTokens: total(sums, ({ promptTokens }) => promptTokens),
    completionTokens: total(sums, ({ completionTokens }) => completionTokens),
  };
}

function total(sums: readonly KindSums[], valueOf: (sum: KindSums) => number): number {
  return sums.reduce((sum, one) => sum + valueOf(one), 0);
}

/** Values to filter by and what each would leave. */
export function readFacetCounts(
  partitions: ReaderPartitions,
  filter: RequestFilter,
  deadline: Deadline,
): RequestFacetCounts {
  const kinds = new KindAdder();
  // Every kind, as each facet leaves out a condition of its own.
  const any = (): boolean => true;
  const { isCapped, warnings } = visitMatches(
    partitions,
    filter,
    deadline,
    (block, partition) => kinds.add(block, partition),
    any,
  );
  const sums = [...kinds.all()];
  const facet = <Field extends keyof Kind>(field: Field): readonly FacetCount<NonNullable<Kind[Field]>>[] => {
    const test = kindTest(filter, field);
    const rowsOf = new Map<NonNullable<Kind[Field]>, number>();
    for (const { kind, rows } of sums) {
      const value = kind[field];
      if (value !== null && test(kind)) {
        // Not null, as was just seen; the compiler does not carry that over to the field's own type.
        const known = value as NonNullable<Kind[Field]>;
        rowsOf.set(known, (rowsOf.get(known) ?? 0) + rows);
      }
    }
    return [...rowsOf]
      .map(([value, rows]) => ({ value, rows }))
      .sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1))
      .slice(0, FACET_VALUES);
  };
  return {
    states: facet('state').flatMap(({ value, rows }) => {
      const state = requestStates[value];
      return state === undefined ? [] : [{ value: state, rows }];
    }),
    statuses: facet('http_status'),
    models: facet('model'),
    servers: facet('served_by'),
    features: facet('feature'),
    keys: facet('key_name'),
    finishReasons: facet('finish_reason'),
    errorCodes: facet('error_code'),
    isCapped,
    ...told(warnings),
  };
}

function byState<T>(valueOf: (index: number) => T): Readonly<Record<RequestState, T>> {
  // Every state is a key, as the list of states is what the keys are made from.
  return Object.fromEntries(requestStates.map((state, index) => [state, valueOf(index)])) as Record<RequestState, T>;
}

function told(warnings: Visited['warnings']): { readonly warnings?: readonly string[] } {
  return warnings.length === 0 ? {} : { warnings };
}
