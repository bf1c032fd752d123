import { z } from 'zod';
import { requestStates } from './request-states.ts';
import type { RequestState } from './request-states.ts';

// Apart from the schemas, so that the threads of the request log do without the schema library.
export { requestStates };
export type { RequestState };

/** What is known of a request when its row is opened. Times are UTC epoch milliseconds. */
export interface OpenedRequest {
  readonly id: number;
  readonly timeMs: number;
  /** The id that the client sees in x-request-id. */
  readonly requestId: string;
  readonly method: string;
  /** Path with query, at most 2048 characters. */
  readonly route: string;
  readonly clientAddress: string | null;
  /** Name of the key, or null: none given or not valid. */
  readonly key: string | null;
  readonly feature: string | null;
  readonly modelAsked: string | null;
  readonly stream: boolean;
}

/** How a request ended. A duration is in milliseconds and may have a fraction; unknown is null, never 0. */
export interface ClosedRequest {
  readonly id: number;
  readonly state: Exclude<RequestState, 'running'>;
  /** Status sent to the client, or null when it left before one was. */
  readonly httpStatus: number | null;
  /** Served model name that answered, or null. */
  readonly modelServed: string | null;
  /** Name of the model server that answered or failed, or null. */
  readonly servedBy: string | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly cachedTokens: number | null;
  /** From accepting the request to the first content byte from the model, or null. */
  readonly ttftMs: number | null;
  readonly durationMs: number;
  /** Waiting inside Outpost before an upstream was asked. */
  readonly queueMs: number | null;
  readonly finishReason: string | null;
  readonly retries: number;
  readonly error: string | null;
  readonly errorCode: string | null;
  /** For counted rows (a flood of rejected requests): how many requests this row stands for; else 1. */
  readonly count: number;
}

/** Raw bodies and headers of a request, as sent and received; secrets in headers already removed. */
export interface RequestBodies {
  readonly requestBody: Uint8Array | null;
  readonly responseBody: Uint8Array | null;
  /** Header names in lower case. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Milliseconds from the start of the request to each streamed event, at most the first 20,000; null when not a stream. */
  readonly chunkTimesMs: readonly number[] | null;
  /** Texts for search: what was asked and what was answered, or null when nothing readable was found. */
  readonly promptText: string | null;
  readonly answerText: string | null;
}

/** A row as `outpost requests --json` prints it: a contract with scripts, fields may only be added. */
export interface RequestSummary {
  readonly id: number;
  /** ISO 8601 UTC. */
  readonly time: string;
  readonly state: RequestState;
  readonly http_status: number | null;
  /** The served model name that answered, else the one that was asked for. */
  readonly model: string | null;
  readonly model_asked: string | null;
  readonly served_by: string | null;
  readonly feature: string | null;
  readonly key: string | null;
  readonly route: string;
  readonly method: string;
  readonly stream: boolean;
  readonly prompt_tokens: number | null;
  readonly completion_tokens: number | null;
  readonly cached_tokens: number | null;
  readonly ttft_ms: number | null;
  readonly duration_ms: number | null;
  readonly queue_ms: number | null;
  readonly finish_reason: string | null;
  readonly retries: number;
  readonly error: string | null;
  readonly error_code: string | null;
  readonly request_id: string;
  readonly client_address: string | null;
  readonly count: number;
}

/** Text, or base64 when the bytes are not UTF-8; null when there were none or they are no longer kept. */
export type BodyText = string | { readonly base64: string } | null;

export interface RequestDetail extends RequestSummary {
  readonly request_body: BodyText;
  readonly response_body: BodyText;
  readonly headers: {
    readonly request: Readonly<Record<string, string>>;
    readonly response: Readonly<Record<string, string>>;
  };
  readonly chunk_times_ms: readonly number[] | null;
  /** Why a body is missing, in words, or null: logging off, retention, redaction, damage. */
  readonly bodies_note: string | null;
}

export const requestFilterSchema = z.strictObject({
  /** UTC epoch milliseconds, inclusive and exclusive. */
  sinceMs: z.int().optional(),
  untilMs: z.int().optional(),
  model: z.string().optional(),
  feature: z.string().optional(),
  server: z.string().optional(),
  key: z.string().optional(),
  state: z.enum(requestStates).optional(),
  httpStatus: z.int().optional(),
  /** 5 for 500 to 599. */
  statusClass: z.int().min(1).max(5).optional(),
  finishReason: z.string().max(200).optional(),
  errorCode: z.string().max(200).optional(),
  /** The id that the client saw in x-request-id, whole. */
  requestId: z.string().max(500).optional(),
  /** Bounds, both inclusive; a row without the value does not match. */
  durationMinMs: z.number().min(0).optional(),
  durationMaxMs: z.number().min(0).optional(),
  ttftMinMs: z.number().min(0).optional(),
  ttftMaxMs: z.number().min(0).optional(),
  /** Prompt and completion tokens together. */
  tokensMin: z.int().min(0).optional(),
  tokensMax: z.int().min(0).optional(),
  /** Words that must all occur; "quoted words" as a phrase; word* as a prefix; OR, NOT or -word, and parentheses. */
  search: z.string().max(500).optional(),
  /** Where to search; both when absent. */
  searchIn: z.enum(['prompt', 'answer', 'both']).optional(),
});
export type RequestFilter = z.infer<typeof requestFilterSchema>;

export const requestPageSchema = z.strictObject({
  filter: requestFilterSchema.default({}),
  limit: z.int().min(1).max(1000).default(50),
  /** Only rows older than this id. */
  beforeId: z.int().optional(),
  /** Only rows newer than this id, oldest of them first; used to follow. */
  afterId: z.int().optional(),
  /**
   * Largest first instead of newest first, over everything that matches, rows without the value left out. Such a page
   * has no next one: `more` says whether further rows match, and beforeId and afterId are not looked at.
   */
  sort: z.enum(['newest', 'duration', 'ttft', 'tokens']).optional(),
});
export type RequestPageQuery = z.infer<typeof requestPageSchema>;

export interface RequestPage {
  readonly rows: readonly RequestSummary[];
  /** Whether older rows match as well; with `afterId`, whether newer ones do. */
  readonly more: boolean;
  /** What could not be read or searched, in words; absent when the page is whole. */
  readonly warnings?: readonly string[];
}

/** Distinct values to filter by, most frequent first among recent rows. */
export interface RequestFacets {
  readonly models: readonly string[];
  readonly features: readonly string[];
  readonly servers: readonly string[];
  readonly keys: readonly string[];
}

/** Traffic inside a window that ends now. */
export interface TrafficStats {
  readonly windowMs: number;
  readonly requests: number;
  readonly errors: number;
  readonly rejected: number;
  readonly running: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly ttftP50Ms: number | null;
  readonly ttftP95Ms: number | null;
}
