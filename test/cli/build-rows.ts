import type { RequestSummary } from '../../electron/contract/request-row.ts';
import type { ProcessStatus, SiteStatus } from '../../electron/contract/site-status.ts';

export function aRequest(changes: Partial<RequestSummary> = {}): RequestSummary {
  return {
    id: 2026112400000001,
    time: '2026-11-24T15:04:05.000Z',
    state: 'ok',
    http_status: 200,
    model: 'demo-chat',
    model_asked: 'demo-chat',
    served_by: 'demo-a',
    feature: null,
    key: 'tester',
    route: '/v1/chat/completions',
    method: 'POST',
    stream: true,
    prompt_tokens: 12,
    completion_tokens: 24,
    cached_tokens: null,
    ttft_ms: 41.5,
    duration_ms: 812,
    queue_ms: 0.2,
    finish_reason: 'stop',
    retries: 0,
    error: null,
    error_code: null,
    request_id: 'req-1',
    client_address: '127.0.0.1',
    count: 1,
    ...changes,
  };
}

export function aProcess(changes: Partial<ProcessStatus> = {}): ProcessStatus {
  return {
    name: 'demo-a',
    kind: 'server',
    engine: 'simulated',
    wanted: 'running',
    actual: 'ready',
    pid: 4242,
    port: 8101,
    restarts: 0,
    ready_at: '2026-11-24T15:04:05.000Z',
    spawned_at: '2026-11-24T15:04:00.000Z',
    next_attempt_at: null,
    reason: null,
    serves: ['demo-chat'],
    simulated: true,
    run: 1,
    restart_needed: false,
    ...changes,
  };
}

export function aStatus(changes: Partial<SiteStatus> = {}): SiteStatus {
  return {
    site: 'Lab 4',
    service: { pid: 99, version: '0.1.0' },
    processes: [aProcess({ name: 'gateway', kind: 'gateway', engine: 'outpost', port: 8080, serves: [] }), aProcess()],
    gpus: [],
    gpus_note: 'No NVIDIA driver was found.',
    gateway: ['http://127.0.0.1:8080'],
    site_file: { path: '/srv/site.yaml', revision: 3, problems: null },
    ...changes,
  };
}
