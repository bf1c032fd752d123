// `npm run bench -- log`: how fast the request log takes rows, answers questions, indexes, and how much disk a row costs.
// Run it when something in electron/request-log changes. OUTPOST_BENCH_ROWS sets the size of the store (200000).
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRequestLogReader } from '../../electron/request-log/open-request-log-reader.ts';
import { openRequestLog } from '../../electron/request-log/open-request-log.ts';
import { chatRequest, seededWords } from './log/chat-requests.mjs';

const ROWS = Number(process.env.OUTPOST_BENCH_ROWS ?? 200_000);
const DAYS = 10;
const DAY_MS = 86_400_000;
const CLIENTS = 64;
const QUERY_RUNS = 100;
const retain = { days: 36_000, bodies_days: 36_000, gib: 1_000 };
const emptyBodies = {
  requestHeaders: { 'content-type': 'application/json' },
  responseHeaders: { 'content-type': 'application/json' },
  chunkTimesMs: null,
  promptText: null,
  answerText: null,
};
const settings = { bodies: 'full', durability: 'strict', retain, redact: [] };

const root = mkdtempSync(path.join(tmpdir(), 'outpost-bench-log-'));
const results = [];
try {
  await ingest('small: 0.5 KB in, 1 KB out', 512, 1024, 100_000);
  await ingest('large: 32 KB in, 4 KB out', 32_768, 4096, 20_000);
  await queries();
} finally {
  rmSync(root, { recursive: true, force: true });
}
report();

/** Rows and bytes a second with as many requests under way as the gateway would have, and the wait for the commit. */
async function ingest(name, requestBytes, responseBytes, rows) {
  const log = await open(path.join(root, `ingest-${requestBytes}`));
  const bodies = {
    ...emptyBodies,
    requestBody: Buffer.alloc(requestBytes, 'a'),
    responseBody: Buffer.alloc(responseBytes, 'b'),
  };
  const waits = [];
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  await inParallel(rows, async (n) => {
    const beganMs = performance.now();
    await write(log, n, Date.now(), bodies);
    waits.push(performance.now() - beganMs);
  });
  const seconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await log.shutdown();
  add(`ingest ${name}`, 'rows/s', rows / seconds);
  add(`ingest ${name}`, 'CPU us/row, all threads', (user + system) / rows);
  add(`ingest ${name}`, 'wait for commit p50 ms', quantile(waits, 0.5));
  add(`ingest ${name}`, 'wait for commit p99 ms', quantile(waits, 0.99));
}

/** A store with real word statistics over several days, asked what operators ask. */
async function queries() {
  const directory = path.join(root, 'store');
  const log = await open(directory);
  const words = seededWords(1);
  const firstDayMs = Date.now() - (DAYS - 1) * DAY_MS;
  let bodyBytes = 0;
  let made = 0;
  await inParallel(ROWS, async (n) => {
    const bodies = chatRequest(words, n);
    bodyBytes += bodies.requestBody.length + bodies.responseBody.length;
    made += 1;
    await write(log, n, firstDayMs + Math.floor((n / ROWS) * DAYS) * DAY_MS + (n % 1000), bodies);
  });
  const reader = valueOf(await openRequestLogReader(directory));
  const indexStartMs = performance.now();
  await settled(directory, reader, words);
  add('store', 'seconds until indexed and compressed', (performance.now() - indexStartMs) / 1000);
  add('store', 'body bytes/row', bodyBytes / made);
  add('store', 'disk bytes/row, today not yet compressed', folderBytes(directory) / made);

  const page = valueOf(await reader.list({ filter: {}, limit: 1 }));
  const newestId = page.rows[0].id;
  const [common, middle, rare] = [words.byRank(0), words.byRank(300), words.byRank(20_000)];
  const list =
    (filter, cursor = {}) =>
    async () =>
      valueOf(await reader.list({ filter, limit: 50, ...cursor }));
  await measure('newest page', list({}));
  await measure('page before an id', list({}, { beforeId: newestId - Math.floor(ROWS / DAYS / 2) }));
  await measure('jump by time', list({ untilMs: firstDayMs + 3 * DAY_MS }));
  await measure('model and failed', list({ model: 'model-1', state: 'error' }));
  await measure('model, key, no match', list({ model: 'model-1', key: 'nobody' }));
  await measure('search: common word', list({ search: common }));
  await measure('search: rare word', list({ search: rare }));
  await measure('search: two words', list({ search: `${common} ${middle}` }));
  await measure('search: phrase', list({ search: `"${common} ${words.byRank(1)}"` }));
  await measure('search: three letters*', list({ search: `${middle.slice(0, 3)}*` }));
  await measure('search: word and failed', list({ search: middle, state: 'error' }));
  await measure('one row with bodies', async (run) => valueOf(await reader.get(newestId - run)));
  await measure('facets', async () => valueOf(await reader.facets({})));
  await measure('traffic of one hour', async () => valueOf(await reader.traffic(3_600_000, Date.now())));
  await reader.close();
  await log.shutdown();
}

async function measure(name, ask) {
  const times = [];
  for (let run = 0; run <= QUERY_RUNS; run += 1) {
    const startMs = performance.now();
    await ask(run);
    times.push(performance.now() - startMs);
  }
  add(name, 'first ms', times.shift());
  add(name, 'p50 ms', quantile(times, 0.5));
  add(name, 'p95 ms', quantile(times, 0.95));
}

/** Waits until only today has bodies that are not in blocks, and nothing waits to be indexed. */
async function settled(directory, reader, words) {
  for (;;) {
    const days = readdirSync(directory)
      .filter((name) => /^\d{8}$/.test(name))
      .sort();
    const waiting = days
      .slice(0, -1)
      .some((day) => readdirSync(path.join(directory, day)).some((name) => name.endsWith('.frames')));
    const page = valueOf(await reader.list({ filter: { search: words.byRank(0) }, limit: 1 }));
    if (!waiting && page.warnings === undefined) break;
    await sleep(500);
  }
}

async function inParallel(count, work) {
  let next = 0;
  const client = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

async function open(directory) {
  return valueOf(await openRequestLog({ directory, settings }));
}

async function write(log, n, timeMs, bodies) {
  const model = `model-${n % 4}`;
  const failed = n % 97 === 0;
  const id = log.open({
    timeMs,
    requestId: `req-${n}`,
    method: 'POST',
    route: '/v1/chat/completions',
    clientAddress: '127.0.0.1',
    key: `key-${n % 5}`,
    feature: n % 3 === 0 ? null : 'duo_chat',
    modelAsked: model,
    stream: false,
  });
  const closed = {
    id,
    state: failed ? 'error' : 'ok',
    httpStatus: failed ? 502 : 200,
    modelServed: model,
    servedBy: `server-${n % 4}`,
    promptTokens: 100,
    completionTokens: 50,
    cachedTokens: null,
    ttftMs: 20 + (n % 100),
    durationMs: 900,
    queueMs: 0.1,
    finishReason: 'stop',
    retries: 0,
    error: failed ? 'the server closed the connection' : null,
    errorCode: failed ? 'UPSTREAM_BROKE' : null,
    count: 1,
  };
  valueOf(await log.close(closed, bodies));
}

function folderBytes(directory) {
  return readdirSync(directory, { recursive: true })
    .map((name) => statSync(path.join(directory, name)))
    .reduce((sum, found) => sum + (found.isFile() ? found.size : 0), 0);
}

function valueOf(result) {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function add(name, measure, value) {
  results.push({ name, measure, value });
}

function report() {
  for (const { name, measure, value } of results) {
    process.stdout.write(`${name.padEnd(36)} ${measure.padEnd(44)} ${value.toFixed(2).padStart(12)}\n`);
  }
  const file = path.join(import.meta.dirname, '..', '..', 'test-results', 'bench', 'log.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ benchmark: 'log', rows: ROWS, days: DAYS, results }, null, 2)}\n`);
}
