import { createHash } from 'node:crypto';
import type { BodyText, RequestDetail } from '../../electron/contract/request-row.ts';
import type { RequestLogReader } from '../../electron/request-log/request-log.ts';

/** What a client knows of a request whose answer it saw complete. */
export interface LedgerEntry {
  readonly requestId: string;
  readonly kind: string;
  readonly status: number;
  /** Null: the request has no body. */
  readonly requestHash: string | null;
  readonly responseHash: string;
}

export interface Comparison {
  readonly compared: number;
  /** Seen complete by a client, but without a finished row. */
  readonly missing: readonly string[];
  /** Recorded, but not what the client sent or saw. */
  readonly different: readonly string[];
}

export function hashOf(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Holds every entry of the ledger against the row of its request. */
export async function compareWithLog(
  ledger: readonly LedgerEntry[],
  findRow: (requestId: string) => Promise<RequestDetail | null>,
): Promise<Comparison> {
  const missing: string[] = [];
  const different: string[] = [];
  for (const entry of ledger) {
    const row = await findRow(entry.requestId);
    if (row === null || row.state !== 'ok')
      missing.push(`${entry.kind} ${entry.requestId} (${row?.state ?? 'no row'})`);
    else if (
      row.http_status !== entry.status ||
      hashOfBody(row.request_body) !== entry.requestHash ||
      hashOfBody(row.response_body) !== entry.responseHash
    ) {
      different.push(`${entry.kind} ${entry.requestId}`);
    }
  }
  return { compared: ledger.length, missing, different };
}

/** Reads the ids of all rows, newest first, and how many there are in each state. */
export async function indexLog(reader: RequestLogReader): Promise<{
  readonly ids: ReadonlyMap<string, number>;
  readonly states: Readonly<Record<string, number>>;
  readonly errors: readonly string[];
}> {
  const ids = new Map<string, number>();
  const states: Record<string, number> = {};
  const errors: string[] = [];
  let beforeId: number | undefined;
  for (;;) {
    const page = await reader.list({ filter: {}, limit: 1000, ...(beforeId === undefined ? {} : { beforeId }) });
    if (!page.ok) throw new Error(page.error.message);
    for (const row of page.value.rows) {
      ids.set(row.request_id, row.id);
      states[row.state] = (states[row.state] ?? 0) + 1;
      if (row.state === 'error' && row.error !== null) errors.push(row.error);
      beforeId = row.id;
    }
    if (!page.value.more) return { ids, states, errors };
  }
}

function hashOfBody(body: BodyText): string | null {
  if (body === null) return null;
  return hashOf(typeof body === 'string' ? body : Buffer.from(body.base64, 'base64'));
}
