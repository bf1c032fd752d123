import { createHash } from 'node:crypto';
import type { RouteServer, RouteTable } from '../../electron/contract/route-table.ts';
import { gatewayLogSchema } from '../../electron/contract/site-schema.ts';

/** A key that every table of these tests knows, under the name `tester`. */
export const TEST_KEY = 'outpost_test_key_0123456789';

export function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

export function routeServer(change: Partial<RouteServer> = {}): RouteServer {
  return {
    name: 'alpha',
    engine: 'simulated',
    baseUrl: 'http://127.0.0.1:9',
    upstreamKey: null,
    serves: ['demo-chat'],
    wanted: 'running',
    actual: 'ready',
    reason: null,
    ...change,
  };
}

export function routeTable(change: Partial<RouteTable> = {}): RouteTable {
  return {
    version: 1,
    writtenAtMs: 1_700_000_000_000,
    listen: [{ host: '127.0.0.1', port: 0 }],
    keysRequired: true,
    keys: [{ name: 'tester', sha256: digestOf(TEST_KEY), models: null }],
    servers: [routeServer()],
    fallbacks: {},
    features: {
      duo_chat: { state: 'assigned', model: 'demo-chat' },
      code_review: { state: 'disabled' },
      summarize: { state: 'unassigned' },
    },
    log: gatewayLogSchema.parse({}),
    limits: { maxBodyBytes: 1024 * 1024, firstByteTimeoutMs: 30_000, idleTimeoutMs: 30_000 },
    ...change,
  };
}
