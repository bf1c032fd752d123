import type { RequestSummary } from '../../electron/contract/request-row.ts';
import { askService } from './call-service.ts';

const TRIES = 8;
const PAUSE_MS = 400;
/** How far back a row is looked for; other traffic may be recorded in between. */
const ROWS_SEARCHED = 200;

/**
 * Looks for the row of a request that was just sent and hands it on when it is there and again when it has ended: a row
 * may be committed a little after its answer. Gives up after a few seconds.
 */
export async function findRow(requestId: string, onRow: (row: RequestSummary) => void): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const result = await askService('look for the request', (api, options) =>
      api.requests.list.query({ filter: {}, limit: ROWS_SEARCHED }, options),
    );
    const row = result.ok ? result.value.rows.find((one) => one.request_id === requestId) : undefined;
    if (row) onRow(row);
    if (row && row.state !== 'running') return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
