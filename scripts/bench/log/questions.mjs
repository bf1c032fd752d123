import { openRequestLogReader } from '../../../electron/request-log/open-request-log-reader.ts';
import { seededWords } from './chat-requests.mjs';
import { quantile, valueOf } from './measuring.mjs';

const DAY_MS = 86_400_000;

/**
 * Asks a made-up store what operators ask, each question `runs` times and once before; tells `add` how long it took. The
 * name of a question gets `suffix`. Returns the 95th percentiles by question.
 */
export async function askQuestions(directory, size, runs, suffix, add) {
  const p95 = new Map();
  const startMs = performance.now();
  const reader = valueOf(await openRequestLogReader(directory));
  const first = valueOf(await reader.list({ filter: {}, limit: 50 }));
  add(`open and show the newest page${suffix}`, 'ms', performance.now() - startMs);
  const newestId = first.rows[0].id;
  // What is written meanwhile is newer: everything else is asked of the made-up days.
  const endMs = Date.UTC(2026, 0, 31);
  const sinceMs = endMs - size.days * DAY_MS;
  const words = seededWords(1);
  const [common, middle, rare] = [words.byRank(0), words.byRank(300), words.byRank(20_000)];

  const measure = async (name, ask) => {
    const times = [];
    for (let run = 0; run <= runs; run += 1) {
      const beganMs = performance.now();
      await ask(run);
      times.push(performance.now() - beganMs);
    }
    add(`${name}${suffix}`, 'first ms', times.shift());
    add(`${name}${suffix}`, 'p50 ms', quantile(times, 0.5));
    add(`${name}${suffix}`, 'p95 ms', quantile(times, 0.95));
    p95.set(name, quantile(times, 0.95));
  };
  const list =
    (filter, more = {}) =>
    async () =>
      valueOf(await reader.list({ filter, limit: 50, ...more }));
  const histogram = async (fromMs, filter = {}) =>
    valueOf(await reader.histogram({ filter, sinceMs: fromMs, untilMs: endMs, buckets: 60 }));
  const totals = async (filter) => valueOf(await reader.totals(filter));

  await measure('newest page', list({}));
  await measure('page before an id', list({}, { beforeId: newestId - Math.floor(size.rows / size.days / 2) }));
  await measure('page after an id', list({}, { afterId: newestId - Math.floor(size.rows / size.days / 2) }));
  const jump = (run) => list({ untilMs: endMs - ((run * 7) % size.days) * DAY_MS - 3_600_000 })();
  const coldMs = [];
  for (let run = 0; run < size.days; run += 1) {
    const beganMs = performance.now();
    await jump(run);
    coldMs.push(performance.now() - beganMs);
  }
  add(`jump to a day for the first time${suffix}`, 'p95 ms', quantile(coldMs, 0.95));
  await measure('jump by time', jump);
  await measure(
    'filter: model, status, 7 days',
    list({ model: 'chat-large', httpStatus: 502, sinceMs: endMs - 7 * DAY_MS }),
  );
  await measure('filter: two common, never together', list({ model: 'chat-large', feature: 'code_completions' }));
  await measure('filter: key without rows', list({ model: 'chat-large', key: 'nobody' }));
  await measure(
    'filter: four that are rare together',
    list({ model: 'chat-trial', key: 'key-11', statusClass: 5, feature: 'duo_chat' }),
  );
  await measure('filter: time to first token', list({ ttftMinMs: 480 }));
  await measure('filter: tokens, no match', list({ tokensMin: 1_000_000 }));
  await measure('filter: request id, no match', list({ requestId: 'req-none' }));
  await measure('largest first, by duration, all rows', list({}, { sort: 'duration' }));
  await measure('facets with counts', async () => valueOf(await reader.facetCounts({})));
  await measure('facets with counts, filtered', async () =>
    valueOf(await reader.facetCounts({ model: 'chat-large', state: 'error' })),
  );
  await measure('dashboard: histogram and totals, all days', async () => {
    await histogram(sinceMs);
    await totals({});
  });
  await measure('dashboard: histogram and totals, 24 h', async () => {
    await histogram(endMs - DAY_MS);
    await totals({ sinceMs: endMs - DAY_MS });
  });
  await measure('dashboard: one model, all days', async () => {
    await histogram(sinceMs, { model: 'chat-large' });
    await totals({ model: 'chat-large' });
  });
  await measure('search: common word', list({ search: common }));
  await measure('search: word', list({ search: middle }));
  await measure('search: rare word', list({ search: rare }));
  await measure('search: two words', list({ search: `${common} ${middle}` }));
  await measure('search: two rare words', list({ search: `${words.byRank(5000)} ${words.byRank(7000)}` }));
  await measure('search: phrase', list({ search: `"${common} ${words.byRank(1)}"` }));
  await measure('search: rare phrase', list({ search: `"${middle} ${words.byRank(500)}"` }));
  await measure('search: three letters*', list({ search: `${middle.slice(0, 3)}*` }));
  await measure('search: OR and NOT', list({ search: `${rare} OR (${middle} -${common})` }));
  await measure('search: word and failed', list({ search: middle, state: 'error' }));
  await measure(
    'search: common word, filter without match',
    list({ search: common, model: 'chat-large', feature: 'code_completions' }),
  );
  await measure(
    'search: common word, rare filter',
    list({ search: common, state: 'error', key: 'key-11', model: 'chat-trial' }),
  );
  await measure('search: counts', () => totals({ search: middle }));
  await measure('one row with bodies', async (run) => valueOf(await reader.get(newestId - run)));
  await measure('highlights of a page', async () => {
    const ids = first.rows.map(({ id }) => id);
    return valueOf(await reader.highlights({ ids, search: `${common} ${middle}` }));
  });
  await measure('traffic of one minute', async () => valueOf(await reader.traffic(60_000, Date.now())));
  await reader.close();
  return p95;
}
