import { describe, expect, it } from 'vitest';
import type { RequestDetail } from '../../electron/contract/request-row.ts';
import { gatewayLogSchema } from '../../electron/contract/site-schema.ts';
import { openRequestLogReader } from '../../electron/request-log/open-request-log-reader.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { routeServer, routeTable } from '../gateway/route-table-fixture.ts';
import type { GatewayProgram } from '../gateway/start-gateway-program.ts';
import { requestsFolder, startGatewayProgram, writeRouteTable } from '../gateway/start-gateway-program.ts';
import { startEchoingUpstream } from './echoing-upstream.ts';
import type { LedgerEntry } from './ledger.ts';
import { compareWithLog, indexLog } from './ledger.ts';
import { loadKinds, startLoad } from './load-clients.ts';

/** 20 by default; `OUTPOST_KILLS=200` by hand. */
const KILLS = Number(process.env['OUTPOST_KILLS'] ?? 20);
const CONTROL_KILLS = Math.ceil(KILLS / 5);
const CLIENTS = 8;

interface KilledRun {
  readonly ledger: readonly LedgerEntry[];
  readonly sent: Readonly<Record<string, number>>;
  readonly states: Readonly<Record<string, number>>;
  readonly errors: readonly string[];
  findRow(requestId: string): Promise<RequestDetail | null>;
}

/** Runs the gateway under load, kills it again and again at odd moments, and reads its log afterwards. */
async function runWithKills(durability: 'strict' | 'relaxed', kills: number): Promise<KilledRun> {
  const data = makeTempDir();
  const servers = [routeServer({ baseUrl: await startEchoingUpstream() })];
  writeRouteTable(data, routeTable({ servers, log: gatewayLogSchema.parse({ durability }) }));
  let running: GatewayProgram | null = null;
  const load = startLoad(() => running?.port ?? null, CLIENTS);
  for (let kill = 0; kill < kills; kill += 1) {
    const gateway = await startGatewayProgram(data);
    running = gateway;
    const before = load.ledger.length;
    // Another amount each time, so that kills meet every stage of a request; 7 has no factor in common with the kinds.
    const amount = 20 + ((kill * 7) % 50);
    await waitFor(() => load.ledger.length >= before + amount, { everyMs: 1, what: `${amount} complete answers` });
    gateway.program.child.kill('SIGKILL');
    running = null;
    await gateway.program.exited;
  }
  await load.stop();
  // The next start closes what the last kill left open.
  const last = await startGatewayProgram(data);
  expect((await last.program.stop()).code).toBe(0);

  const opened = await openRequestLogReader(requestsFolder(data));
  if (!opened.ok) throw new Error(opened.error.message);
  const reader = opened.value;
  const { ids, states, errors } = await indexLog(reader);
  return {
    ledger: load.ledger,
    sent: load.sent,
    states,
    errors,
    async findRow(requestId) {
      const id = ids.get(requestId);
      if (id === undefined) return null;
      const detail = await reader.get(id);
      if (!detail.ok) throw new Error(detail.error.message);
      return detail.value;
    },
  };
}

describe('kill -9 of the gateway under load', () => {
  it(
    'loses no request that a client saw complete',
    async () => {
      const run = await runWithKills('strict', KILLS);
      const comparison = await compareWithLog(run.ledger, run.findRow);
      expect(comparison).toEqual({ compared: run.ledger.length, missing: [], different: [] });
      expect(run.ledger.length).toBeGreaterThanOrEqual(KILLS * 20);
      for (const kind of loadKinds) {
        expect(run.sent[kind], kind).toBeGreaterThan(0);
        if (kind !== 'cancelled')
          expect(
            run.ledger.some((entry) => entry.kind === kind),
            kind,
          ).toBe(true);
      }
      // What was open at a kill is told as a failure, never left running.
      expect(run.states['running']).toBeUndefined();
      console.log(
        `strict: ${KILLS} kills, ${run.ledger.length} complete answers, 0 missing; rows ${JSON.stringify(run.states)}`,
      );

      // The comparison itself must be able to see loss and damage.
      const [victim, changed] = run.ledger;
      if (!victim || !changed) throw new Error('the ledger has entries');
      const damaged = await compareWithLog(run.ledger.slice(0, 2), async (requestId) => {
        const row = await run.findRow(requestId);
        if (requestId === victim.requestId) return null;
        return row === null ? null : { ...row, response_body: `${String(row.response_body)}x` };
      });
      expect(damaged.missing).toHaveLength(1);
      expect(damaged.different).toHaveLength(1);
    },
    20_000 + KILLS * 10_000,
  );

  it(
    'may lose some when durability is relaxed, and the comparison counts them',
    async () => {
      const run = await runWithKills('relaxed', CONTROL_KILLS);
      const { compared, missing, different } = await compareWithLog(run.ledger, run.findRow);
      console.log(`relaxed: ${CONTROL_KILLS} kills, ${compared} complete answers, ${missing.length} missing`);
      // Whatever is there must be right, also without a promise that everything is there.
      expect(different).toEqual([]);
    },
    20_000 + CONTROL_KILLS * 10_000,
  );
});
