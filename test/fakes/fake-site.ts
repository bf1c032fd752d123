import catalogue from '../../resources/gitlab/features-18.9.json' with { type: 'json' };
import type { KeyInfo, SecretInfo, SiteChange } from '../../electron/contract/control-api.ts';
import type { FeatureStatus } from '../../electron/contract/feature-status.ts';
import type { RunRecord } from '../../electron/contract/process-state.ts';
import type { RequestDetail, RequestSummary } from '../../electron/contract/request-row.ts';
import { gatewayLogSchema } from '../../electron/contract/site-schema.ts';
import type { GatewayLogConfig, ServerConfig } from '../../electron/contract/site-schema.ts';
import type { GpuStatus, ProcessStatus, SiteEvent, SiteProblem } from '../../electron/contract/site-status.ts';

/** Everything the fake control server knows; tests change it and call `changed` on the server. */
export interface FakeSite {
  exists: boolean;
  name: string;
  /** The site file; made from the name when null. */
  text: string | null;
  processes: ProcessStatus[];
  servers: ServerConfig[];
  log: GatewayLogConfig;
  gpus: GpuStatus[];
  problems: SiteProblem[] | null;
  revision: number;
  history: SiteChange[];
  events: SiteEvent[];
  runs: Record<string, RunRecord[]>;
  /** Log text by "name/run". */
  logs: Record<string, string>;
  features: FeatureStatus[];
  keys: KeyInfo[];
  secrets: SecretInfo[];
  /** Newest first. */
  requests: RequestDetail[];
  /** Why the numbers of the requests are not complete. */
  requestWarnings?: readonly string[];
}

/** The time that the fake data are built around. */
const now = () => Date.now();

export function fakeProcess(name: string, more: Partial<ProcessStatus> = {}): ProcessStatus {
  return {
    name,
    kind: 'server',
    engine: 'simulated',
    wanted: 'running',
    actual: 'ready',
    pid: 4100 + name.length,
    port: 18_000 + name.length,
    restarts: 0,
    spawned_at: new Date(now() - 3_601_000).toISOString(),
    ready_at: new Date(now() - 3_600_000).toISOString(),
    next_attempt_at: null,
    reason: null,
    serves: [name],
    simulated: true,
    run: 1,
    restart_needed: false,
    ...more,
  };
}

export function fakeGateway(more: Partial<ProcessStatus> = {}): ProcessStatus {
  return fakeProcess('gateway', {
    kind: 'gateway',
    engine: 'outpost',
    serves: [],
    simulated: false,
    port: 8080,
    ...more,
  });
}

export function fakeServerConfig(name: string, more: Partial<ServerConfig> = {}): ServerConfig {
  return { name, engine: 'simulated', serves: [name], start: 'always', ...more };
}

export function fakeRun(number: number, more: Partial<RunRecord> = {}): RunRecord {
  const spawnedAtMs = now() - 3_601_000 + number * 10_000;
  return {
    runId: `run-${number}`,
    number,
    pid: 4200 + number,
    spawnedAtMs,
    readyAtMs: spawnedAtMs + 1000,
    endedAtMs: null,
    exitCode: null,
    signal: null,
    cause: null,
    reason: null,
    logPath: `/var/lib/outpost/logs/demo-chat/${number}.log`,
    ...more,
  };
}

export function fakeEvent(id: number, text: string, more: Partial<SiteEvent> = {}): SiteEvent {
  return { id, timeMs: now() - 600_000 + id * 1000, level: 'info', process: null, text, ...more };
}

export function fakeChange(revision: number, summary: string, more: Partial<SiteChange> = {}): SiteChange {
  return {
    revision,
    timeMs: now() - 86_400_000 + revision * 3_600_000,
    author: 'window',
    summary,
    diff: '--- before\n+++ after\n@@ -4,0 +5,2 @@\n servers:\n+  - name: mistral-small\n+    engine: vllm\n',
    ...more,
  };
}

const SITE_TEXT = `version: 1
site: { name: Lab 4 }
gateway:
  listen: [127.0.0.1:8080] # loopback only
  keys: required
servers:
  - name: demo-chat
    engine: simulated
    serves: [demo-chat]
    args: { max-model-len: 8192, ttft-ms: 120 }
  - name: demo-code
    engine: simulated
    serves: [demo-code]
features:
  duo_chat: { model: demo-chat }
  code_completions: { model: demo-code }
  code_generations: disabled
`;

export function fakeRequest(id: number, more: Partial<RequestDetail> = {}): RequestDetail {
  return {
    id,
    time: new Date(now() - 60_000 + (id % 1000) * 1000).toISOString(),
    state: 'ok',
    http_status: 200,
    model: 'demo-chat',
    model_asked: 'demo-chat',
    served_by: 'demo-chat',
    feature: null,
    key: 'laptop',
    route: '/v1/chat/completions',
    method: 'POST',
    stream: true,
    prompt_tokens: 24,
    completion_tokens: 128,
    cached_tokens: null,
    ttft_ms: 84.2,
    duration_ms: 2310.5,
    queue_ms: 0.3,
    finish_reason: 'stop',
    retries: 0,
    error: null,
    error_code: null,
    request_id: `req-${id}`,
    client_address: '127.0.0.1',
    count: 1,
    request_body: '{"model":"demo-chat","stream":true,"messages":[{"role":"user","content":"Why is the sky blue?"}]}',
    response_body:
      'data: {"choices":[{"delta":{"content":"Because"}}]}\n\ndata: {"choices":[{"delta":{"content":" of scattering."},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
    headers: {
      request: { 'content-type': 'application/json', 'user-agent': 'openai-node' },
      response: { 'content-type': 'text/event-stream' },
    },
    chunk_times_ms: [84.2, 101.5, 2310.5],
    bodies_note: null,
    ...more,
  };
}

export function summaryOf(detail: RequestDetail): RequestSummary {
  const { request_body: _q, response_body: _a, headers: _h, chunk_times_ms: _t, bodies_note: _n, ...summary } = detail;
  return summary;
}

export function fakeFeature(feature: string, more: Partial<FeatureStatus> = {}): FeatureStatus {
  return {
    feature,
    group: 'GitLab Duo Chat',
    title: feature.replaceAll('_', ' '),
    maturity: 'GA',
    since: '17.9',
    model: null,
    state: 'unassigned',
    endpoint: `http://127.0.0.1:8080/features/${feature}/v1`,
    servers: [],
    ...more,
  };
}

/** Every feature that GitLab has, as its own data describe it, with some of them set. */
export function allFakeFeatures(settings: Readonly<Record<string, Partial<FeatureStatus>>> = {}): FeatureStatus[] {
  return catalogue.features.map(({ feature, ...facts }) => fakeFeature(feature, { ...facts, ...settings[feature] }));
}

/** A site with nothing in it but the gateway. */
export function emptyFakeSite(): FakeSite {
  return {
    exists: true,
    name: 'Lab 4',
    text: null,
    processes: [fakeGateway()],
    servers: [],
    log: gatewayLogSchema.parse({}),
    gpus: [],
    problems: null,
    revision: 1,
    history: [],
    events: [],
    runs: { gateway: [fakeRun(1)] },
    logs: { 'gateway/1': '{"level":30,"msg":"listening on 127.0.0.1:8080"}\n' },
    features: allFakeFeatures(),
    keys: [],
    secrets: [],
    requests: [],
  };
}

/** A machine on which Outpost was never set up. */
export function firstRunFakeSite(): FakeSite {
  return { ...emptyFakeSite(), exists: false, name: '', processes: [], runs: {}, logs: {}, features: [] };
}

/** A site where most things run and some do not. */
export function filledFakeSite(): FakeSite {
  const log = Array.from({ length: 400 }, (_, index) =>
    index % 40 === 17
      ? `\u001b[33mWARNING\u001b[0m 11-24 15:00:${String(index % 60).padStart(2, '0')} [scheduler.py:214] KV cache usage is high: ${index / 4}%`
      : `\u001b[36mINFO\u001b[0m 11-24 15:00:${String(index % 60).padStart(2, '0')} [loggers.py:${index}] Engine 000: Avg generation throughput: ${(index * 1.7).toFixed(1)} tokens/s, Running: ${index % 5} reqs`,
  ).join('\n');
  return {
    ...emptyFakeSite(),
    processes: [
      fakeGateway(),
      fakeProcess('demo-chat', { run: 3, restarts: 2 }),
      fakeProcess('demo-code', { restart_needed: true }),
      fakeProcess('mistral-small', {
        engine: 'vllm',
        simulated: false,
        actual: 'failed',
        pid: null,
        ready_at: null,
        restarts: 5,
        run: 6,
        reason:
          'Ended with exit code 1 before it was ready, 5 times within 10 min. Its log ends with "torch.OutOfMemoryError: CUDA out of memory". Lower gpu-memory-utilization or max-model-len.',
      }),
      fakeProcess('embedder', {
        engine: 'command',
        simulated: false,
        wanted: 'stopped',
        actual: 'stopped',
        pid: null,
        port: null,
        ready_at: null,
        spawned_at: null,
        serves: ['bge-m3', 'text-embedding-3-small'],
      }),
    ],
    servers: [
      fakeServerConfig('demo-chat', { args: { 'max-model-len': 8192, 'ttft-ms': 120 } }),
      fakeServerConfig('demo-code'),
      fakeServerConfig('mistral-small', {
        engine: 'vllm',
        weights: '/srv/models/Mistral-Small-3.2-24B',
        gpus: [0, 1],
        port: 8001,
        args: { 'max-model-len': 32_768, 'tensor-parallel-size': 2 },
        env: { HF_TOKEN: { secret: 'hub' }, VLLM_LOGGING_LEVEL: 'INFO' },
        runtime: { kind: 'native', command: '/opt/vllm/bin/vllm' },
      }),
      fakeServerConfig('embedder', {
        engine: 'command',
        serves: ['bge-m3', 'text-embedding-3-small'],
        runtime: { kind: 'native', command: '/opt/tei/serve', args: ['--fast'] },
        ready: '/health',
        start: 'manual',
      }),
    ],
    gpus: [
      {
        index: 0,
        name: 'NVIDIA RTX 6000 Ada Generation',
        memory_total_bytes: 51_527_024_640,
        memory_used_bytes: 22_548_578_304,
        utilization_percent: 43,
      },
      {
        index: 1,
        name: 'NVIDIA RTX 6000 Ada Generation',
        memory_total_bytes: 51_527_024_640,
        memory_used_bytes: null,
        utilization_percent: null,
      },
    ],
    revision: 7,
    text: SITE_TEXT,
    history: [
      fakeChange(1, 'The demo site was written', { author: 'service', diff: '' }),
      fakeChange(6, 'mistral-small was added', { author: 'browser' }),
      fakeChange(7, 'duo_chat is served by demo-chat', {
        author: 'cli',
        diff: '--- revision 6\n+++ revision 7\n@@ -14,2 +14,2 @@\n features:\n-  duo_chat: disabled\n+  duo_chat: { model: demo-chat }\n',
      }),
    ],
    events: [
      fakeEvent(1, 'The service started and adopted 3 running processes.'),
      fakeEvent(2, 'demo-chat is ready after 1.2 s.', { process: 'demo-chat' }),
      fakeEvent(3, 'demo-chat ended with signal SIGKILL; it is started again.', {
        process: 'demo-chat',
        level: 'warning',
      }),
      fakeEvent(4, 'mistral-small failed: CUDA out of memory.', { process: 'mistral-small', level: 'error' }),
    ],
    runs: {
      gateway: [fakeRun(1)],
      'demo-chat': [
        fakeRun(3),
        fakeRun(2, {
          endedAtMs: now() - 3_500_000,
          signal: 'SIGKILL',
          cause: 'exited',
          reason: 'Ended by signal SIGKILL, which Outpost did not send.',
        }),
        fakeRun(1, {
          readyAtMs: null,
          endedAtMs: now() - 3_590_000,
          exitCode: 1,
          cause: 'start-failed',
          reason: 'Ended with exit code 1 before it was ready.',
        }),
      ],
      'demo-code': [fakeRun(1)],
      'mistral-small': [],
      embedder: [],
    },
    logs: {
      'gateway/1': '{"level":30,"msg":"listening on 127.0.0.1:8080"}\n',
      'demo-chat/3': `${log}\n`,
      'demo-chat/2': 'INFO the run before\nINFO ready\n',
      'demo-chat/1': 'ERROR no free memory\n',
      'demo-code/1': 'INFO simulated engine\n',
    },
    features: allFakeFeatures({
      duo_chat: { model: 'demo-chat', state: 'assigned', servers: [{ name: 'demo-chat', actual: 'ready' }] },
      code_completions: { model: 'demo-code', state: 'assigned', servers: [{ name: 'demo-code', actual: 'ready' }] },
      code_generations: { state: 'disabled' },
      review_merge_request: {
        model: 'mistral-small',
        state: 'assigned',
        servers: [{ name: 'mistral-small', actual: 'failed' }],
      },
    }),
    keys: [
      { name: 'laptop', createdAtMs: now() - 86_400_000, revokedAtMs: null },
      { name: 'old ci', createdAtMs: now() - 864_000_000, revokedAtMs: now() - 3_600_000 },
    ],
    secrets: [{ name: 'hub', setAtMs: now() - 86_400_000, usedBy: ['servers[2].env.HF_TOKEN'] }],
    requests: [
      fakeRequest(2_026_112_400_000_005, { state: 'running', http_status: null, duration_ms: null, ttft_ms: null }),
      fakeRequest(2_026_112_400_000_004, {
        state: 'error',
        http_status: 502,
        error: 'mistral-small closed the connection.',
        error_code: 'UPSTREAM_BROKE',
      }),
      fakeRequest(2_026_112_400_000_003, {
        state: 'rejected',
        http_status: 401,
        key: null,
        model: null,
        served_by: null,
        error: 'The key is not known.',
        error_code: 'KEY_INVALID',
        ttft_ms: null,
        completion_tokens: null,
        prompt_tokens: null,
      }),
      fakeRequest(2_026_112_400_000_002, { feature: 'duo_chat', route: '/features/duo_chat/v1/chat/completions' }),
      fakeRequest(2_026_112_400_000_001, { state: 'cancelled' }),
    ],
  };
}
