// What the gateway costs, with every check and full strict logging on, beside nginx as a plain reverse proxy that logs
// nothing. Run with `npm run bench -- gateway`; needs wrk and nginx. Only ratios and differences within a run count.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { places } from '../setup/places.mjs';
import { runScript, say } from '../setup/say.mjs';
import { latencies, median, streamDelays, throughput } from './gateway/measure.mjs';
import { requireTools, residentMb, sizes, startServers } from './gateway/servers.mjs';

const ROUNDS = Number(process.env.OUTPOST_BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.OUTPOST_BENCH_SECONDS ?? 4);
const STREAMS = 200;

await runScript(async () => {
  requireTools(['wrk', 'nginx']);
  const servers = await startServers();
  try {
    const results = await measure(servers);
    printTable(results);
    const file = path.join(places.root, '.cache', 'bench', 'gateway.json');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
    say(`written to ${path.relative(places.root, file)}`);
  } finally {
    await servers.stop();
  }
  return 0;
});

async function measure({ ports, gatewayPid }) {
  const rounds = { small: [], large: [], smallLatency: [], largeLatency: [], streams: [] };
  for (const size of Object.values(sizes)) throughput(ports.gateway, size, 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    say(`round ${round + 1} of ${ROUNDS}`);
    for (const name of ['small', 'large']) {
      const nginx = throughput(ports.nginx, sizes[name], SECONDS);
      const gateway = throughput(ports.gateway, sizes[name], SECONDS);
      rounds[name].push({ nginx, gateway, ratio: gateway / nginx });
      const direct = await latencies(ports.model, sizes[name], 300, SECONDS);
      const proxied = await latencies(ports.gateway, sizes[name], 300, SECONDS);
      rounds[`${name}Latency`].push({ addedP50: proxied.p50 - direct.p50, addedP99: proxied.p99 - direct.p99 });
    }
    const direct = await streamDelays(ports.stream, STREAMS);
    const proxied = await streamDelays(ports.gatewayStream, STREAMS);
    rounds.streams.push({
      addedP50: proxied.events.p50 - direct.events.p50,
      addedP99: proxied.events.p99 - direct.events.p99,
      endHeldP99: proxied.ends.p99 - direct.ends.p99,
      complete: proxied.complete,
      gatewayMb: residentMb(gatewayPid),
    });
  }
  const of = (name, key) => median(rounds[name].map((round) => round[key]));
  return {
    takenAt: new Date().toISOString(),
    rounds,
    medians: {
      smallRatio: of('small', 'ratio'),
      largeRatio: of('large', 'ratio'),
      smallPerSecond: of('small', 'gateway'),
      largePerSecond: of('large', 'gateway'),
      smallAddedP50: of('smallLatency', 'addedP50'),
      smallAddedP99: of('smallLatency', 'addedP99'),
      largeAddedP50: of('largeLatency', 'addedP50'),
      largeAddedP99: of('largeLatency', 'addedP99'),
      streamAddedP50: of('streams', 'addedP50'),
      streamAddedP99: of('streams', 'addedP99'),
      streamEndHeldP99: of('streams', 'endHeldP99'),
      residentMb: of('streams', 'gatewayMb'),
    },
  };
}

function printTable({ medians }) {
  const rows = [
    ['small JSON, share of nginx', medians.smallRatio, '>= 0.30'],
    ['large JSON, share of nginx', medians.largeRatio, '>= 0.20'],
    ['small JSON, requests/s', medians.smallPerSecond, ''],
    ['large JSON, requests/s', medians.largePerSecond, ''],
    ['small at 300/s, added p50 ms', medians.smallAddedP50, '<= 0.8'],
    ['small at 300/s, added p99 ms', medians.smallAddedP99, '<= 5'],
    ['large at 300/s, added p50 ms', medians.largeAddedP50, ''],
    ['large at 300/s, added p99 ms', medians.largeAddedP99, '<= 10'],
    [`${STREAMS} streams, added per event p50 ms`, medians.streamAddedP50, '<= 0.6'],
    [`${STREAMS} streams, added per event p99 ms`, medians.streamAddedP99, '<= 8'],
    [`${STREAMS} streams, end held p99 ms`, medians.streamEndHeldP99, '<= 5'],
    ['resident memory MB, after the load', medians.residentMb, '<= 150'],
  ];
  const lines = rows.map(([name, value, target]) => `${name.padEnd(42)}${value.toFixed(2).padStart(12)}   ${target}`);
  process.stdout.write(
    `${'median of all rounds'.padEnd(42)}${'measured'.padStart(12)}   target\n${lines.join('\n')}\n`,
  );
}
