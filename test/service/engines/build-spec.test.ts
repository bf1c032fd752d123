import { describe, expect, it } from 'vitest';
import type { RunnerSpec } from '../../../electron/contract/runner-protocol.ts';
import type { Result } from '../../../electron/contract/outpost-error.ts';
import { processSchema, serverSchema } from '../../../electron/contract/site-schema.ts';
import { buildSpec, gatewaySpec, processSpec } from '../../../electron/service/engines/build-spec.ts';
import { previewCommand } from '../../../electron/service/engines/preview-command.ts';
import { makeContext } from './launch-context.ts';

function server(changes: Record<string, unknown> = {}) {
  const base = { name: 'small', engine: 'vllm', weights: '/srv/models/small', serves: ['small'] };
  return serverSchema.parse({ ...base, ...changes });
}

function value(result: Result<RunnerSpec>): RunnerSpec {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('the spec of a vLLM server', () => {
  const spec = value(
    buildSpec(server({ gpus: [0, 1], env: { HF_TOKEN: { secret: 'hub' }, DEBUG: 1 } }), makeContext()),
  );

  it('is offline, has its GPUs, its key and its secrets in the environment, and none of the key on the command line', () => {
    expect(spec.env).toMatchObject({
      HF_HUB_OFFLINE: '1',
      TRANSFORMERS_OFFLINE: '1',
      VLLM_NO_USAGE_STATS: '1',
      DO_NOT_TRACK: '1',
      CUDA_VISIBLE_DEVICES: '0,1',
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
      VLLM_API_KEY: 'upstream-key',
      HF_TOKEN: 'hub-token',
      DEBUG: '1',
    });
    expect(spec.args.join(' ')).not.toContain('upstream-key');
  });

  it("passes on the operator's environment, but not Outpost's own", () => {
    expect(spec.env).toMatchObject({ PATH: '/usr/bin', HOME: '/home/op', CUDA_HOME: '/cuda' });
    expect(Object.keys(spec.env).filter((name) => /^OUTPOST_|^NODE_OPTIONS/.test(name))).toEqual([]);
  });

  it('is ready at /health, within 15 minutes, and gets 30 s and its own drain time to stop', () => {
    expect(spec).toMatchObject({
      command: 'vllm',
      readiness: { kind: 'http', url: 'http://127.0.0.1:8001/health' },
      readyTimeoutMs: 900_000,
      stopGraceMs: 30_000,
      log: { directory: '/data/logs/small' },
    });
    const draining = buildSpec(server({ ready_timeout: '20m', args: { 'shutdown-timeout': 60 } }), makeContext());
    expect(value(draining)).toMatchObject({ readyTimeoutMs: 1_200_000, stopGraceMs: 90_000 });
  });

  it('is refused without an absolute folder or with a secret that is not set', () => {
    expect(buildSpec(server({ weights: 'org/model' }), makeContext())).toMatchObject({
      ok: false,
      error: { code: 'SITE_INVALID' },
    });
    expect(buildSpec(server({ env: { TOKEN: { secret: 'none' } } }), makeContext())).toMatchObject({
      ok: false,
      error: { code: 'SECRET_MISSING', action: 'Set it: outpost secrets set none' },
    });
  });
});

describe('a fingerprint', () => {
  it('changes with the configuration and its secrets, not with where and how the service was started', () => {
    const first = value(buildSpec(server(), makeContext())).fingerprint;
    expect(
      value(buildSpec(server(), makeContext({ baseEnv: { PATH: '/elsewhere' }, nodePath: '/b/node' }))).fingerprint,
    ).toBe(first);
    expect(value(buildSpec(server({ args: { seed: 1 } }), makeContext())).fingerprint).not.toBe(first);
    expect(value(buildSpec(server(), makeContext({ port: 8002 }))).fingerprint).not.toBe(first);
    expect(value(buildSpec(server(), makeContext({ upstreamKey: 'other' }))).fingerprint).not.toBe(first);
    const demo = serverSchema.parse({ name: 'demo', engine: 'simulated', serves: ['demo'] });
    const moved = makeContext({ programPath: (name) => `/versions/2/${name}.mjs` });
    expect(value(buildSpec(demo, moved)).fingerprint).toBe(value(buildSpec(demo, makeContext())).fingerprint);
  });
});

describe('other processes', () => {
  it('get their port as PORT and are ready when it is open or the path answers', () => {
    const custom = serverSchema.parse({
      name: 'custom',
      engine: 'command',
      serves: ['c'],
      runtime: { command: '/opt/x/serve', args: ['--fast'] },
    });
    expect(value(buildSpec(custom, makeContext()))).toMatchObject({
      command: '/opt/x/serve',
      args: ['--fast'],
      env: { PORT: '8001' },
      readiness: { kind: 'tcp', host: '127.0.0.1', port: 8001 },
    });
    const process = processSchema.parse({ name: 'helper', runtime: { command: 'helper' }, ready: '/up' });
    expect(value(processSpec(process, makeContext()))).toMatchObject({
      kind: 'process',
      readiness: { kind: 'http', url: 'http://127.0.0.1:8001/up' },
    });
  });

  it('without an address are ready once they are spawned', () => {
    const process = processSchema.parse({ name: 'helper', runtime: { command: 'helper' } });
    const spec = value(processSpec(process, makeContext()));
    expect(spec).toMatchObject({ port: null, readiness: { kind: 'spawned' } });
    expect(spec.env['PORT']).toBeUndefined();
  });

  it('the gateway is restarted at once, after 2 s at most, and never given up', () => {
    expect(gatewaySpec(makeContext({ host: '0.0.0.0' }))).toMatchObject({
      name: 'gateway',
      kind: 'gateway',
      command: '/opt/node',
      args: ['--max-semi-space-size=8', '/opt/programs/gateway.mjs', '--data', '/data'],
      host: '0.0.0.0',
      readiness: { kind: 'http', url: 'http://127.0.0.1:8001/health' },
      stopGraceMs: 15_000,
      restart: { initialDelayMs: 0, maxDelayMs: 2000, maxAttempts: null },
    });
  });
});

describe('a preview', () => {
  it('shows the exact command with every secret hidden, also before they are set', () => {
    const draft = server({
      env: { HF_TOKEN: { secret: 'hub' }, OTHER: { secret: 'none' } },
      args: { 'chat-template': "it's" },
    });
    const preview = previewCommand(draft, makeContext({ port: null }));
    if (!preview.ok) throw new Error(preview.error.message);
    expect(preview.value.env).toMatchObject({ HF_TOKEN: '•••', OTHER: '•••', VLLM_API_KEY: '•••' });
    expect(preview.value.shellLine).toContain('HF_TOKEN=•••');
    expect(preview.value.shellLine).toContain('vllm serve /srv/models/small --host 127.0.0.1 --port PORT');
    expect(preview.value.shellLine).toContain(`--chat-template 'it'\\''s'`);
    expect(preview.value.warnings).toEqual(['The secret "none" is not set yet: outpost secrets set none']);
    expect(JSON.stringify(preview)).not.toMatch(/hub-token|upstream-key/);
  });
});
