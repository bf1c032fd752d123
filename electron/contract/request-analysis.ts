import { z } from 'zod';
import { requestFilterSchema } from './request-row.ts';
import type { RequestState } from './request-states.ts';

export const requestHistogramSchema = z
  .strictObject({
    filter: requestFilterSchema.default({}),
    /** UTC epoch milliseconds, inclusive and exclusive; together with the times of the filter. */
    sinceMs: z.int(),
    untilMs: z.int(),
    buckets: z.int().min(1).max(1000).default(60),
  })
  .refine(({ sinceMs, untilMs }) => sinceMs < untilMs, {
    message: 'sinceMs must be before untilMs',
    path: ['untilMs'],
  });
export type RequestHistogramQuery = z.infer<typeof requestHistogramSchema>;

/** How many requests began when. */
export interface RequestHistogram {
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Width of a bucket; the last one may reach beyond `untilMs`. */
  readonly bucketMs: number;
  /** Requests in each bucket; a row that stands for several counts as many. */
  readonly counts: Readonly<Record<RequestState, readonly number[]>>;
  /** Why the numbers are not complete, in words; absent when they are. */
  readonly warnings?: readonly string[];
}

/** Of values that are known, by steps of less than one per cent; null without any. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
}

export interface RequestSums {
  readonly requests: number;
  readonly errors: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Everything that matches a filter, in numbers. */
export interface RequestTotals extends RequestSums {
  /** Rows that a list of the same filter has; `requests` counts those that a row stands for. */
  readonly rows: number;
  /** True when a search stopped counting: `rows` and all else are of the newest 10,000 matches. */
  readonly isCapped: boolean;
  readonly states: Readonly<Record<RequestState, number>>;
  readonly ttftMs: Percentiles | null;
  readonly durationMs: Percentiles | null;
  /** The ten with most requests, the most first. */
  readonly models: readonly (RequestSums & { readonly model: string })[];
  readonly warnings?: readonly string[];
}

export interface FacetCount<T> {
  readonly value: T;
  readonly rows: number;
}

/**
 * Values to filter by, with the rows that would be left. Each list goes by everything in the filter but its own field,
 * most rows first, at most 100 values.
 */
export interface RequestFacetCounts {
  readonly states: readonly FacetCount<RequestState>[];
  readonly statuses: readonly FacetCount<number>[];
  readonly models: readonly FacetCount<string>[];
  readonly servers: readonly FacetCount<string>[];
  readonly features: readonly FacetCount<string>[];
  readonly keys: readonly FacetCount<string>[];
  readonly finishReasons: readonly FacetCount<string>[];
  readonly errorCodes: readonly FacetCount<string>[];
  /** True when a search stopped counting: the counts are of the newest 10,000 rows with the text. */
  readonly isCapped: boolean;
  readonly warnings?: readonly string[];
}

export const requestHighlightsSchema = z.strictObject({
  ids: z.array(z.int().positive()).max(100),
  search: z.string().max(500),
  searchIn: z.enum(['prompt', 'answer', 'both']).optional(),
});
export type RequestHighlightsQuery = z.infer<typeof requestHighlightsSchema>;

/** A piece of text with what was found in it. Plain text: nothing in it is markup. */
export interface HighlightSnippet {
  readonly where: 'prompt' | 'answer';
  readonly text: string;
  /** Places in `text`, as UTF-16 offsets of the first character and of the one after the last. */
  readonly marks: readonly (readonly [number, number])[];
}

/** Rows without a snippet are left out: their text is no longer kept, or is found only in other words than searched for. */
export interface RequestHighlight {
  readonly id: number;
  readonly snippets: readonly HighlightSnippet[];
}
