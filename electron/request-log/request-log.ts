import type { Result } from '../contract/outpost-error.ts';
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

/** The one writer of the request log; lives in the gateway, does its work in a worker thread. */
export interface RequestLog {
  /** Opens a row and returns its id at once; the row itself is written with the next commit. */
  open(row: Omit<OpenedRequest, 'id'>): number;
  /**
   * Closes a row. Resolves ok when row and bodies are as durable as the settings ask: committed (`strict`), synced
   * (`power-safe`), or handed over (`relaxed`). An error means that nothing may be called complete.
   */
  close(row: ClosedRequest, bodies: RequestBodies): Promise<Result<void>>;
  /** Takes new settings; retention and durability apply from now on. */
  configure(settings: GatewayLogConfig): void;
  status(): { readonly lagRows: number; readonly error: string | null };
  /** Called after commits, at most every 200 ms, with the newest id. */
  onCommitted(listener: (newestId: number) => void): () => void;
  /** Commits what is waiting and ends the worker. */
  shutdown(): Promise<void>;
}

/** Reads the log beside the writer, in a worker thread, without ever blocking it. Every wait inside has a deadline. */
export interface RequestLogReader {
  list(query: RequestPageQuery): Promise<Result<RequestPage>>;
  get(id: number): Promise<Result<RequestDetail>>;
  facets(filter: RequestFilter): Promise<Result<RequestFacets>>;
  traffic(windowMs: number, nowMs: number): Promise<Result<TrafficStats>>;
  close(): Promise<void>;
}
