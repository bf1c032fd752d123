// `npm run bench -- log`: how fast the request log takes rows, indexes them and answers questions, and what a row costs on
// disk. Run it when something in electron/request-log changes.
//   --rows N      rows in the store (200000; 10000000 takes about five minutes to make, once)
//   --cache DIR   where stores are kept (.cache)
//   --only WHAT   ingest or queries
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openRequestLogReader } from '../../electron/request-log/open-request-log-reader.ts';
import { openRequestLog } from '../../electron/request-log/open-request-log.ts';
import { chatRequest, seededWords } from './log/chat-requests.mjs';
import { cachedLogStore, storeSize } from './log/generate-log-store.mjs';
import { askQuestions } from './log/questions.mjs';
import { folderBytes, quantile, valueOf } from './log/measuring.mjs';

const string = { type: 'string' };
const { values: flags } = parseArgs({ options: { rows: string, cache: string, only: string } });
const root = path.join(import.meta.dirname, '..', '..');
const size = storeSize({ rows: Number(flags.rows ?? 200_000) });
const DAY_MS = 86_400_000;
const CLIENTS = 64;
const INDEXED_ROWS = 20_000;
/** Rows written beside the questions at most, about 4 GB. */
const MOST_WRITTEN = 2_000_000;
const retain = { days: 36_000, bodies_days: 36_000, gib: 10_000 };
const settings = { bodies: 'full', durability: 'strict', retain, redact: [] };

const temporary = mkdtempSync(path.join(tmpdir(), 'outpost-bench-log-'));
const results = [];
try {
  if (flags.only !== 'queries') {
    await ingest('small: 0.5 KB in, 1 KB out', 512, 1024, 100_000);
    await ingest('large: 32 KB in, 4 KB out', 32_768, 4096, 20_000);
    await indexing();
  }
  if (flags.only !== 'ingest') await queries();
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
report();

/** Rows and bytes a second with as many requests under way as the gateway would have, and the wait for the commit. */
async function ingest(name, requestBytes, responseBytes, rows) {
  const log = await open(path.join(temporary, `ingest-${requestBytes}`));
  const bodies = smallBodies(requestBytes, responseBytes);
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

/** How fast text gets into the index, how soon a row is found in it, and what a row with text and bodies costs. */
async function indexing() {
  const directory = path.join(temporary, 'indexing');
  const log = await open(directory);
  const words = seededWords(1);
  const texts = Array.from({ length: INDEXED_ROWS }, (_, n) => chatRequest(words, n));
  const bodyBytes = texts.reduce(
    (sum, { requestBody, responseBody }) => sum + requestBody.length + responseBody.length,
    0,
  );
  const firstDayMs = Date.now() - DAY_MS;
  const startMs = performance.now();
  await inParallel(INDEXED_ROWS, (n) => write(log, n, firstDayMs, texts[n]));
  const reader = valueOf(await openRequestLogReader(directory));
  const index = path.join(
    directory,
    readdirSync(directory).find((name) => /^\d{8}$/.test(name)),
  );
  const { default: Database } = await import('better-sqlite3');
  const textFile = path.join(index, 'text.db');
  const one = (file, sql) => {
    const database = new Database(path.join(index, file), { readonly: true });
    try {
      return database.prepare(sql).get();
    } finally {
      database.close();
    }
  };
  await until(() => {
    if (!existsSync(textFile) || one('text.db', 'PRAGMA user_version').user_version === 0) return false;
    const newest = one('rows.db', 'SELECT file, bytes FROM body_files WHERE kind = 0 ORDER BY file DESC LIMIT 1');
    const state = (name) => one('text.db', `SELECT value FROM text_state WHERE name = '${name}'`).value;
    return newest !== undefined && state('indexed_file') === newest.file && state('indexed_offset') >= newest.bytes;
  });
  add('text index', 'rows/s, written and indexed', INDEXED_ROWS / ((performance.now() - startMs) / 1000));
  const beganMs = performance.now();
  await write(log, INDEXED_ROWS, Date.now(), { ...texts[0], promptText: 'justwritten' });
  await until(
    async () => valueOf(await reader.list({ filter: { search: 'justwritten' }, limit: 1 })).rows.length === 1,
  );
  add('text index', 'ms until a row is found', performance.now() - beganMs);
  // The day before is complete now, and gets packed.
  await until(() => !readdirSync(index).some((name) => name.endsWith('.frames')));
  // The writer last, so that no write-ahead log is left behind.
  await reader.close();
  await log.shutdown();
  add('storage', 'body bytes/row', bodyBytes / INDEXED_ROWS);
  add('storage', 'disk bytes/row, all included', folderBytes(index) / INDEXED_ROWS);
  const share = (part) =>
    readdirSync(index)
      .filter((name) => name.startsWith(part))
      .reduce((sum, name) => sum + statSync(path.join(index, name)).size, 0) / INDEXED_ROWS;
  for (const part of ['rows', 'text', 'columns', 'bodies']) add('storage', `disk bytes/row in ${part}`, share(part));
}

/** A store with real word statistics over many days, asked what operators ask. */
async function queries() {
  const cache = flags.cache ?? path.join(root, '.cache');
  const directory = await cachedLogStore(cache, size, (text) => process.stderr.write(`${text}\n`));
  add('store', 'disk bytes/row', folderBytes(directory) / size.rows);
  const idle = await askQuestions(directory, size, 60, '', add);
  await duringWrites(directory, idle);
}

/** The same questions while another day of the same log is written to as fast as it goes, small requests as in `ingest`. */
async function duringWrites(directory, idle) {
  const before = new Set(readdirSync(directory));
  const log = await open(directory);
  let isOver = false;
  let written = 0;
  const startMs = performance.now();
  const writing = inParallel(MOST_WRITTEN, async (n) => {
    if (isOver) return;
    await write(log, n, Date.now(), smallBodies(512, 1024));
    written += 1;
  });
  try {
    await askQuestions(directory, size, 15, ', during writes', (name, measure, value) => {
      add(name, measure, value);
      const idleMs = idle.get(name.replace(/, during writes$/, ''));
      if (measure === 'p95 ms' && idleMs !== undefined) add(name, 'p95 against idle', value / idleMs);
    });
    add('reads during writes', 'rows/s written meanwhile', written / ((performance.now() - startMs) / 1000));
  } finally {
    isOver = true;
    await writing;
    await log.shutdown();
    // The store stays as it was made.
    for (const name of readdirSync(directory)) {
      if (!before.has(name)) rmSync(path.join(directory, name), { recursive: true, force: true });
    }
  }
}

function smallBodies(requestBytes, responseBytes) {
  return {
    requestBody: Buffer.alloc(requestBytes, 'a'),
    responseBody: Buffer.alloc(responseBytes, 'b'),
    requestHeaders: { 'content-type': 'application/json' },
    responseHeaders: { 'content-type': 'application/json' },
    chunkTimesMs: null,
    promptText: null,
    answerText: null,
  };
}

async function until(condition) {
  const endMs = performance.now() + 300_000;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error('What was waited for did not come within five minutes.');
    await sleep(20);
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

function add(name, measure, value) {
  results.push({ name, measure, value });
}

function report() {
  for (const { name, measure, value } of results) {
    process.stdout.write(`${name.padEnd(44)} ${measure.padEnd(34)} ${value.toFixed(2).padStart(12)}\n`);
  }
  const folder = path.join(root, 'test-results', 'bench');
  mkdirSync(folder, { recursive: true });
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  const file = path.join(folder, `log-${size.rows}.json`);
  writeFileSync(file, `${JSON.stringify({ benchmark: 'log', machine, size, results }, null, 2)}\n`);
}
