import type { ServerResponse } from 'node:http';
import type { GatewayContext } from './gateway-context.ts';
import { requestIdOf } from './request-id.ts';

/** /health, /ready and /metrics: without a key and without a row, since they come every few seconds for ever. */
export function answerProbe(
  context: GatewayContext,
  kind: 'health' | 'ready' | 'metrics',
  requestId: string | readonly string[] | undefined,
  res: ServerResponse,
): void {
  const [status, type, body] = probe(context, kind);
  res.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestIdOf(requestId),
    'x-outpost-server': 'gateway',
  });
  res.end(body);
}

function probe(context: GatewayContext, kind: 'health' | 'ready' | 'metrics'): [number, string, string] {
  const { lagRows, error } = context.log.status();
  const { table } = context.routing();
  switch (kind) {
    case 'health':
      return [200, 'application/json', '{"status":"ok"}'];
    case 'ready': {
      const refuses = error !== null && table.log.durability !== 'relaxed';
      const isReady = !refuses && !context.isStopping();
      const reason = context.isStopping() ? 'the gateway is stopping' : error;
      return [
        isReady ? 200 : 503,
        'application/json',
        JSON.stringify({ ready: isReady, reason, version: table.version }),
      ];
    }
    case 'metrics': {
      const gauges = {
        inFlight: context.active.size,
        logLagRows: lagRows,
        unrecorded: context.unrecorded.total,
        routeTableVersion: table.version,
      };
      return [200, 'text/plain; version=0.0.4; charset=utf-8', context.metrics.render(gauges)];
    }
  }
}
