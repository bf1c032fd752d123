import type { ControlOperations, LogChunk } from '../../electron/contract/control-api.ts';
import { fail, succeed } from '../../electron/contract/outpost-error.ts';
import type { Result } from '../../electron/contract/outpost-error.ts';
import type { RequestDetail } from '../../electron/contract/request-row.ts';
import { requestStates } from '../../electron/contract/request-states.ts';
import type { RequestState } from '../../electron/contract/request-states.ts';
import type { ProcessStatus, SiteFileState, SiteProblem, SiteStatus } from '../../electron/contract/site-status.ts';
import { fakeChange, fakeEvent, fakeGateway, fakeProcess, fakeRun, fakeServerConfig, summaryOf } from './fake-site.ts';
import type { FakeSite } from './fake-site.ts';
import { matchingRequests, percentilesOf } from './matching-requests.ts';

export interface FakeOperations {
  readonly operations: ControlOperations;
  /** Tells every subscriber what the site looks like now. */
  changed(): void;
  /** Adds to a run's log and tells those who follow it. */
  writeLog(name: string, run: number, text: string): void;
  /** Tells those who follow the requests that there is something new. */
  requestsChanged(): void;
  /** Names of the operations that were called, with their input. */
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
}

/** Control operations on a site that exists in memory only. */
export function createFakeOperations(site: FakeSite): FakeOperations {
  const statusListeners = new Set<(status: SiteStatus) => void>();
  const logListeners = new Set<(name: string, run: number) => void>();
  const requestListeners = new Set<() => void>();
  const calls: { name: string; input: unknown }[] = [];

  const fileState = (): SiteFileState => ({
    path: '/var/lib/outpost/site.yaml',
    revision: site.revision,
    problems: site.problems,
  });
  const status = (): SiteStatus => ({
    site: site.name,
    service: { pid: 4001, version: '0.1.0' },
    processes: site.processes,
    gpus: site.gpus,
    gpus_note: site.gpus.length > 0 ? null : 'No NVIDIA driver was found on this machine.',
    gateway: site.exists ? ['http://127.0.0.1:8080'] : [],
    site_file: fileState(),
  });
  const changed = () => statusListeners.forEach((emit) => emit(status()));

  function update(name: string, change: Partial<ProcessStatus>): Result<ProcessStatus> {
    const index = site.processes.findIndex((process) => process.name === name);
    const before = site.processes[index];
    if (!before) return fail('PROCESS_UNKNOWN', `There is no process named ${name}.`, 'Use a name from the list.');
    const after = { ...before, ...change };
    site.processes = site.processes.with(index, after);
    changed();
    return succeed(after);
  }

  const warned = () => (site.requestWarnings ? { warnings: site.requestWarnings } : {});

  function saved(): Result<SiteFileState> {
    site.revision += 1;
    changed();
    return succeed(fileState());
  }

  function chunkOf(name: string, run: number | null, fromOffset: number | null, lines: number): Result<LogChunk> {
    const number = run ?? Math.max(0, ...(site.runs[name] ?? []).map((record) => record.number));
    const text = site.logs[`${name}/${number}`];
    if (text === undefined) return fail('NOT_FOUND', `${name} has not run yet, so there is no log.`, 'Start it.');
    const from = fromOffset ?? startOfLastLines(text, lines);
    return succeed({
      run: number,
      fromOffset: from,
      toOffset: text.length,
      sizeBytes: text.length,
      text: text.slice(from),
      droppedBytes: 0,
    });
  }

  const operations: ControlOperations = {
    status: async () => status(),
    site: async () => ({
      exists: site.exists,
      text: site.text ?? `version: 1\nsite: { name: ${site.name} }\n`,
      file: fileState(),
      servers: site.servers,
      log: site.log,
    }),
    siteHistory: async () => site.history,
    startSite: async ({ kind, name }) => {
      site.exists = true;
      site.name = name ?? 'Demo site';
      site.processes = [fakeGateway()];
      if (kind === 'demo') {
        const starting = { actual: 'starting', ready_at: null } as const;
        site.processes.push(fakeProcess('demo-chat', starting), fakeProcess('demo-code', starting));
        site.servers = [fakeServerConfig('demo-chat'), fakeServerConfig('demo-code')];
      }
      return saved();
    },
    validateSiteText: async (text) => problemsOf(text),
    saveSiteText: async ({ text, baseRevision }) => {
      if (baseRevision !== site.revision) {
        return fail(
          'SITE_CHANGED_MEANWHILE',
          'The site file was changed meanwhile.',
          'Look at the other change first.',
        );
      }
      site.text = text;
      site.history = [...site.history, fakeChange(site.revision + 1, 'The text was edited')];
      return saved();
    },
    saveServer: async ({ server, replaces }) => {
      const others = site.servers.filter(({ name }) => name !== replaces);
      if (others.some(({ name }) => name === server.name)) {
        return fail('SITE_INVALID', `The name "${server.name}" is used twice.`, 'Choose another name.');
      }
      site.servers = [...others, server];
      const rest = site.processes.filter(({ name }) => name !== replaces);
      const before = site.processes.find(({ name }) => name === replaces);
      const simulated = server.engine === 'simulated';
      site.processes = [
        ...rest,
        before
          ? { ...before, name: server.name, serves: server.serves, restart_needed: before.actual === 'ready' }
          : fakeProcess(server.name, { engine: server.engine, serves: server.serves, simulated, actual: 'starting' }),
      ];
      site.runs[server.name] ??= [fakeRun(1)];
      return saved();
    },
    removeServer: async ({ name }) => {
      site.servers = site.servers.filter((server) => server.name !== name);
      site.processes = site.processes.filter((process) => process.name !== name);
      return saved();
    },
    saveLogSettings: async ({ log }) => {
      site.log = { ...site.log, ...log } as FakeSite['log'];
      return saved();
    },
    rollback: async ({ revision }) => {
      site.history = [...site.history, fakeChange(site.revision + 1, `Rolled back to revision ${revision}`)];
      return saved();
    },
    previewCommand: async (server) => {
      const program = server.runtime?.command ?? (server.engine === 'vllm' ? 'vllm' : 'outpost');
      const args = [
        ...(server.runtime?.args ?? []),
        ...(server.engine === 'vllm' ? ['serve', server.weights ?? ''] : []),
        '--port',
        String(server.port ?? 'PORT'),
        ...Object.entries(server.args ?? {}).flatMap(([flag, value]) => [`--${flag}`, String(value)]),
      ];
      return succeed({
        command: program,
        args,
        env: server.gpus ? { CUDA_VISIBLE_DEVICES: server.gpus.join(',') } : {},
        shellLine: [program, ...args].join(' '),
        warnings: server.engine === 'vllm' && !server.gpus ? ['Every GPU is visible to this server.'] : [],
      });
    },
    engineCandidates: async () => [
      { engine: 'vllm', command: '/opt/vllm/bin/vllm' },
      { engine: 'vllm', command: '/srv/venv/bin/vllm' },
    ],

    startProcess: async (name) =>
      update(name, { actual: 'ready', wanted: 'running', reason: null, ready_at: new Date().toISOString(), pid: 4999 }),
    stopProcess: async (name) =>
      update(name, { actual: 'stopped', wanted: 'stopped', reason: null, ready_at: null, pid: null, port: null }),
    restartProcess: async (name) => update(name, { actual: 'ready', restart_needed: false, reason: null }),
    stopEverything: async () => succeed({ stopped: site.processes.map(({ name }) => name) }),
    runs: async (name) => {
      const runs = site.runs[name];
      return runs ? succeed(runs) : fail('PROCESS_UNKNOWN', `There is no process named ${name}.`);
    },
    readLog: async ({ name, run, fromOffset, lines }) => chunkOf(name, run, fromOffset, lines),
    searchLog: async ({ name, run, text, limit }) => {
      const chunk = chunkOf(name, run, 0, 0);
      if (!chunk.ok) return chunk;
      let offset = 0;
      const matches = chunk.value.text.split('\n').flatMap((line) => {
        const at = offset;
        offset += line.length + 1;
        return line.toLowerCase().includes(text.toLowerCase()) ? [{ offset: at, line }] : [];
      });
      return succeed(matches.slice(0, limit));
    },
    events: async (limit) => site.events.toReversed().slice(0, limit),

    features: async () => site.features,
    setFeature: async ({ feature, setting }) => {
      const index = site.features.findIndex((one) => one.feature === feature);
      const before = site.features[index];
      if (!before) return fail('FEATURE_UNKNOWN', `There is no feature named ${feature}.`);
      const after = {
        ...before,
        model: setting === 'disabled' ? null : setting,
        state: setting === null ? 'unassigned' : setting === 'disabled' ? 'disabled' : 'assigned',
      } as const;
      site.features = site.features.with(index, after);
      return succeed(after);
    },
    models: async () =>
      site.processes.flatMap((process) =>
        process.serves.map((model) => ({
          model,
          servers: [{ name: process.name, actual: process.actual, simulated: process.simulated }],
          features: site.features.filter((feature) => feature.model === model).map(({ feature }) => feature),
        })),
      ),

    keys: async () => site.keys,
    addKey: async (name) => {
      site.keys = [...site.keys, { name, createdAtMs: Date.now(), revokedAtMs: null }];
      return succeed({ name, key: 'op-0123456789abcdef0123456789abcdef' });
    },
    revokeKey: async (name) => {
      const key = site.keys.find((one) => one.name === name);
      if (!key) return fail('NOT_FOUND', `There is no key named ${name}.`);
      const revoked = { ...key, revokedAtMs: Date.now() };
      site.keys = site.keys.map((one) => (one.name === name ? revoked : one));
      return succeed(revoked);
    },
    secrets: async () => site.secrets,
    setSecret: async (name) => {
      const secret = { name, setAtMs: Date.now(), usedBy: [] };
      site.secrets = [...site.secrets.filter((one) => one.name !== name), secret];
      return succeed(secret);
    },
    removeSecret: async (name) => {
      site.secrets = site.secrets.filter((one) => one.name !== name);
      return succeed({ name });
    },

    requests: async ({ filter, limit, beforeId, afterId }) => {
      const rows = matchingRequests(site.requests, filter)
        .filter((row) => beforeId === undefined || row.id < beforeId)
        .filter((row) => afterId === undefined || row.id > afterId);
      return succeed({ rows: rows.slice(0, limit).map(summaryOf), more: rows.length > limit });
    },
    request: async (id) => {
      const row = site.requests.find((one) => one.id === id);
      return row ? succeed(row) : fail('REQUEST_UNKNOWN', `There is no request ${id}.`, 'It may be past retention.');
    },
    requestFacets: async () =>
      succeed({
        models: [...new Set(site.requests.flatMap(({ model }) => model ?? []))],
        features: [...new Set(site.requests.flatMap(({ feature }) => feature ?? []))],
        servers: [...new Set(site.requests.flatMap(({ served_by: server }) => server ?? []))],
        keys: [...new Set(site.requests.flatMap(({ key }) => key ?? []))],
      }),
    requestHistogram: async ({ filter, sinceMs, untilMs, buckets }) => {
      const rows = matchingRequests(site.requests, filter);
      const bucketMs = Math.ceil((untilMs - sinceMs) / buckets);
      const countOf = (state: RequestState) =>
        Array.from({ length: buckets }, (_, index) => {
          const fromMs = sinceMs + index * bucketMs;
          const inside = (time: string) => Date.parse(time) >= fromMs && Date.parse(time) < fromMs + bucketMs;
          return rows.filter((row) => row.state === state && inside(row.time)).length;
        });
      return succeed({ sinceMs, untilMs, bucketMs, counts: byState(countOf), ...warned() });
    },
    requestTotals: async (filter) => {
      const matching = matchingRequests(site.requests, filter);
      const sums = (rows: readonly RequestDetail[]) => ({
        requests: rows.length,
        errors: rows.filter(({ state }) => state === 'error').length,
        promptTokens: rows.reduce((sum, row) => sum + (row.prompt_tokens ?? 0), 0),
        completionTokens: rows.reduce((sum, row) => sum + (row.completion_tokens ?? 0), 0),
      });
      const models = [...new Set(matching.flatMap(({ model }) => model ?? []))];
      return succeed({
        rows: matching.length,
        isCapped: false,
        ...sums(matching),
        states: byState((state) => matching.filter((row) => row.state === state).length),
        ttftMs: percentilesOf(matching.flatMap((row) => row.ttft_ms ?? [])),
        durationMs: percentilesOf(matching.flatMap((row) => row.duration_ms ?? [])),
        models: models.map((model) => ({ model, ...sums(matching.filter((row) => row.model === model)) })),
        ...warned(),
      });
    },
    requestFacetCounts: async () => {
      const counted = <T>(values: readonly (T | null)[]) =>
        [...new Set(values)].flatMap((value) =>
          value === null ? [] : [{ value, rows: values.filter((one) => one === value).length }],
        );
      return succeed({
        states: counted(site.requests.map(({ state }) => state)),
        statuses: counted(site.requests.map((row) => row.http_status)),
        models: counted(site.requests.map(({ model }) => model)),
        servers: counted(site.requests.map((row) => row.served_by)),
        features: counted(site.requests.map(({ feature }) => feature)),
        keys: counted(site.requests.map(({ key }) => key)),
        finishReasons: counted(site.requests.map((row) => row.finish_reason)),
        errorCodes: counted(site.requests.map((row) => row.error_code)),
        isCapped: false,
      });
    },
    requestHighlights: async ({ ids, search }) =>
      succeed(
        ids.flatMap((id) => {
          const text = JSON.stringify(site.requests.find((row) => row.id === id)?.request_body ?? '');
          const at = text.toLowerCase().indexOf(search.toLowerCase());
          const marks = [[at, at + search.length] as const];
          return at < 0 ? [] : [{ id, snippets: [{ where: 'prompt' as const, text, marks }] }];
        }),
      ),
    traffic: async (windowMs) => {
      const scale = site.requests.length === 0 ? 0 : windowMs / 60_000;
      return succeed({
        windowMs,
        requests: 84 * scale,
        errors: 3 * scale,
        rejected: 2 * scale,
        running: site.requests.filter(({ state }) => state === 'running').length,
        promptTokens: 18_240 * scale,
        completionTokens: 41_377 * scale,
        ttftP50Ms: scale === 0 ? null : 84.2,
        ttftP95Ms: scale === 0 ? null : 412.7,
      });
    },

    followStatus: (emit, signal) => {
      emit(status());
      statusListeners.add(emit);
      signal.addEventListener('abort', () => statusListeners.delete(emit));
    },
    followRequests: (emit, signal) => {
      const tell = () => emit({ newestId: site.requests[0]?.id ?? 0 });
      requestListeners.add(tell);
      signal.addEventListener('abort', () => requestListeners.delete(tell));
    },
    followEvents: (emit, signal) => {
      let lastId = site.events.at(-1)?.id ?? 0;
      const tell = () => {
        for (const event of site.events.filter(({ id }) => id > lastId)) emit(event);
        lastId = site.events.at(-1)?.id ?? 0;
      };
      statusListeners.add(tell);
      signal.addEventListener('abort', () => statusListeners.delete(tell));
    },
    followLog: ({ name, run, fromOffset }, emit, signal) => {
      let from = fromOffset;
      let followed = run;
      const tell = (changedName: string, changedRun: number) => {
        if (changedName !== name || (run !== null && changedRun !== run)) return;
        if (followed !== changedRun && followed !== null) from = 0;
        followed = changedRun;
        const chunk = chunkOf(name, changedRun, from, 0);
        if (!chunk.ok || chunk.value.text === '') return;
        from = chunk.value.toOffset;
        emit(chunk.value);
      };
      logListeners.add(tell);
      signal.addEventListener('abort', () => logListeners.delete(tell));
    },
  };

  return {
    operations: recordCalls(operations, calls),
    changed,
    writeLog: (name, run, text) => {
      site.logs[`${name}/${run}`] = (site.logs[`${name}/${run}`] ?? '') + text;
      logListeners.forEach((tell) => tell(name, run));
    },
    requestsChanged: () => requestListeners.forEach((tell) => tell()),
    calls,
  };
}

function byState<T>(valueOf: (state: RequestState) => T): Readonly<Record<RequestState, T>> {
  // Every state is a key.
  return Object.fromEntries(requestStates.map((state) => [state, valueOf(state)])) as Record<RequestState, T>;
}

/** Adds an event to a site as if it happened now. */
export function addEvent(site: FakeSite, text: string): void {
  const id = (site.events.at(-1)?.id ?? 0) + 1;
  site.events = [...site.events, { ...fakeEvent(id, text), timeMs: Date.now() }];
}

/** Takes every line with the word "mistake" for one. */
function problemsOf(text: string): readonly SiteProblem[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      line.includes('mistake')
        ? [{ line: index + 1, column: 1, path: 'servers[0]', reason: `the field "${line.trim()}" is not known` }]
        : [],
    );
}

function startOfLastLines(text: string, lines: number): number {
  const all = text.split('\n');
  return all.slice(0, Math.max(0, all.length - 1 - lines)).reduce((sum, line) => sum + line.length + 1, 0);
}

function recordCalls(operations: ControlOperations, calls: { name: string; input: unknown }[]): ControlOperations {
  const recorded = Object.entries(operations).map(([name, operation]) => [
    name,
    (...inputs: unknown[]) => {
      calls.push({ name, input: inputs[0] });
      return (operation as (...args: unknown[]) => unknown)(...inputs);
    },
  ]);
  // The same names with the same signatures, each put through the recorder.
  return Object.fromEntries(recorded) as unknown as ControlOperations;
}
