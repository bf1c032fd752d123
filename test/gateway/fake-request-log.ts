import type { OutpostError, Result } from '../../electron/contract/outpost-error.ts';
import { outpostError } from '../../electron/contract/outpost-error.ts';
import type { ClosedRequest, OpenedRequest, RequestBodies } from '../../electron/contract/request-row.ts';
import type { GatewayLogConfig } from '../../electron/contract/site-schema.ts';
import type { RequestLog, RequestLogStatus } from '../../electron/request-log/request-log.ts';

export interface LoggedRequest extends OpenedRequest {
  readonly closed: ClosedRequest | null;
  readonly bodies: RequestBodies | null;
}

/** A request log in memory whose commits the test decides on. */
export class FakeRequestLog implements RequestLog {
  readonly rows = new Map<number, LoggedRequest>();
  readonly settings: GatewayLogConfig[] = [];
  /** While true, commits wait for `commitAll` or `failAll`. */
  holdsCommits = false;
  /** What `status().error` says, and whether closing fails at once. */
  error: string | null = null;
  isShutDown = false;
  readonly #waiting: ((result: Result<void>) => void)[] = [];

  open(row: Omit<OpenedRequest, 'id'>): number {
    const id = this.rows.size + 1;
    this.rows.set(id, { ...row, id, closed: null, bodies: null });
    return id;
  }

  close(closed: ClosedRequest, bodies: RequestBodies): Promise<Result<void>> {
    const row = this.rows.get(closed.id);
    if (!row || row.closed !== null) throw new Error(`row ${closed.id} is not open`);
    if (this.error !== null) return Promise.resolve({ ok: false, error: recordError(this.error) });
    this.rows.set(closed.id, { ...row, closed, bodies });
    if (!this.holdsCommits) return Promise.resolve({ ok: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  get waitingCommits(): number {
    return this.#waiting.length;
  }

  commitAll(): void {
    for (const resolve of this.#waiting.splice(0)) resolve({ ok: true, value: undefined });
  }

  failAll(): void {
    for (const resolve of this.#waiting.splice(0)) resolve({ ok: false, error: recordError('disk full') });
  }

  configure(settings: GatewayLogConfig): void {
    this.settings.push(settings);
  }

  status(): RequestLogStatus {
    return { lagRows: this.#waiting.length, error: this.error, warnings: [] };
  }

  onCommitted(): () => void {
    return () => undefined;
  }

  shutdown(): Promise<void> {
    this.commitAll();
    this.isShutDown = true;
    return Promise.resolve();
  }

  /** The row of a request, by the id the client saw. */
  byRequestId(requestId: string | null): LoggedRequest | undefined {
    return [...this.rows.values()].find((row) => row.requestId === requestId);
  }
}

function recordError(why: string): OutpostError {
  return outpostError('GATEWAY_RECORD_FAILED', why);
}
