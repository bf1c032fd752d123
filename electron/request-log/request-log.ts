import type { Result } from '../contract/outpost-error.ts';
import type {
  RequestFacetCounts,
  RequestHighlight,
  RequestHighlightsQuery,
  RequestHistogram,
  RequestHistogramQuery,
  RequestTotals,
} from '../contract/request-analysis.ts';
import type {
  ClosedRequest,
  OpenedRequest,
  RequestBodies,
  RequestDetail,
  RequestFacets,
  RequestFilter,
  RequestPage,
  RequestPageQuery,
  TrafficStats,
} from '../contract/request-row.ts';
import type { GatewayLogConfig } from '../contract/site-schema.ts';

export interface RequestLogOptions {
  /** Folder of the partitions, DATA/requests. */
  readonly directory: string;
  readonly settings: GatewayLogConfig;
}

export interface RequestLogStatus {
  /** Rows handed over and not yet on disk. */
  readonly lagRows: number;
  /** Why the log cannot be written at the moment, in words, or null. It is tried again by itself. */
  readonly error: string | null;
  /** What an operator should know, newest last, at most 20: partitions set aside, files missing. */
  readonly warnings: readonly string[];
}

/** The one writer of the request log; lives in the gateway, does its work in a worker thread. */
export interface RequestLog {
  /**
   * Opens a row and returns its id at once. The row is written as running when it is not closed within 20 ms; one that
   * closes sooner is written once, at its end.
   */
  open(row: Omit<OpenedRequest, 'id'>): number;
  /**
   * Closes a row. Resolves ok when row and bodies are as durable as the settings ask: committed (`strict`), synced
   * (`power-safe`), or handed over (`relaxed`). The error GATEWAY_RECORD_FAILED means that nothing may be called
   * complete. Bodies are copied before it returns. Throws when the row is not open.
   */
  close(row: ClosedRequest, bodies: RequestBodies): Promise<Result<void>>;
  /** Takes new settings; everything applies to rows closed from now on, retention to all. */
  configure(settings: GatewayLogConfig): void;
  status(): RequestLogStatus;
  /** Called after commits, at most every 200 ms, with the newest id. */
  onCommitted(listener: (newestId: number) => void): () => void;
  /** Commits what is waiting and ends the worker, within 10 s. Rows still running stay so until the next start closes them. */
  shutdown(): Promise<void>;
}

/** Reads the log beside the writer, in a worker thread, without ever blocking it. Every wait inside has a deadline. */
export interface RequestLogReader {
  list(query: RequestPageQuery): Promise<Result<RequestPage>>;
  get(id: number): Promise<Result<RequestDetail>>;
  facets(filter: RequestFilter): Promise<Result<RequestFacets>>;
  histogram(query: RequestHistogramQuery): Promise<Result<RequestHistogram>>;
  totals(filter: RequestFilter): Promise<Result<RequestTotals>>;
  facetCounts(filter: RequestFilter): Promise<Result<RequestFacetCounts>>;
  /** Where the searched words are in the texts of the rows of a page. */
  highlights(query: RequestHighlightsQuery): Promise<Result<readonly RequestHighlight[]>>;
  traffic(windowMs: number, nowMs: number): Promise<Result<TrafficStats>>;
  close(): Promise<void>;
}
