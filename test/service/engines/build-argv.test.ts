import { describe, expect, it } from 'vitest';
import type { ServerConfig } from '../../../electron/contract/site-schema.ts';
import { serverSchema } from '../../../electron/contract/site-schema.ts';
import { flagArguments } from '../../../electron/service/engines/flag-arguments.ts';
import { buildSimulatedArgv } from '../../../electron/service/engines/simulated/build-argv.ts';
import { buildVllmArgv } from '../../../electron/service/engines/vllm/build-argv.ts';

function vllm(changes: Record<string, unknown> = {}): ServerConfig {
  const base = { name: 'small', engine: 'vllm', weights: '/srv/models/small', serves: ['small', 'small-latest'] };
  return serverSchema.parse({ ...base, ...changes });
}

describe('flags from args', () => {
  it('become bare, negated, valued, repeated and JSON flags in the order of the site file', () => {
    const args = {
      'max-model-len': 32_768,
      'enable-lora': true,
      'enable-prefix-caching': false,
      'lora-modules': ['a=/x', 'b=/y'],
      'limit-mm-per-prompt': { image: 2 },
      'max-loras': -1,
    };
    expect(flagArguments(args, {}, 'small')).toEqual({
      ok: true,
      value: [
        '--max-model-len',
        '32768',
        '--enable-lora',
        '--no-enable-prefix-caching',
        '--lora-modules',
        'a=/x',
        'b=/y',
        '--limit-mm-per-prompt',
        '{"image":2}',
        '--max-loras=-1',
      ],
    });
  });
});

describe('the command line of vLLM', () => {
  it('serves the weights on loopback under the served names, without access lines for what Outpost polls', () => {
    expect(buildVllmArgv(vllm({ args: { 'tensor-parallel-size': 2 } }), '127.0.0.1', 8001)).toEqual({
      ok: true,
      value: [
        'serve',
        '/srv/models/small',
        '--host',
        '127.0.0.1',
        '--port',
        '8001',
        '--served-model-name',
        'small',
        'small-latest',
        '--disable-access-log-for-endpoints',
        '/health,/metrics,/ping',
        '--tensor-parallel-size',
        '2',
      ],
    });
  });

  it('has the arguments of the runtime first and shows PORT while none is chosen', () => {
    const argv = buildVllmArgv(vllm({ runtime: { command: 'python', args: ['-m', 'vllm'] } }), '127.0.0.1', null);
    expect(argv.ok && argv.value.slice(0, 7)).toEqual([
      '-m',
      'vllm',
      'serve',
      '/srv/models/small',
      '--host',
      '127.0.0.1',
      '--port',
    ]);
    expect(argv.ok && argv.value[7]).toBe('PORT');
  });

  it.each(['host', 'port', 'served-model-name', 'served_model_name', 'api-key', 'API_KEY', 'model', 'uds'])(
    'refuses the flag %s, which Outpost sets, and says what to use',
    (flag) => {
      const argv = buildVllmArgv(vllm({ args: { [flag]: 'x' } }), '127.0.0.1', 8001);
      expect(argv).toMatchObject({ ok: false, error: { code: 'SITE_INVALID', action: expect.stringMatching(/\.$/) } });
      expect(!argv.ok && argv.error.message).toContain(`"${flag}"`);
    },
  );

  it("leaves the operator's own choice of quiet endpoints alone", () => {
    const argv = buildVllmArgv(vllm({ args: { disable_access_log_for_endpoints: '/health' } }), '127.0.0.1', 8001);
    expect(argv.ok && argv.value.filter((part) => part.includes('access'))).toEqual([
      '--disable_access_log_for_endpoints',
    ]);
  });
});

describe('the command line of the simulated engine', () => {
  it('has the same shape', () => {
    const server = serverSchema.parse({ name: 'demo', engine: 'simulated', serves: ['demo'], args: { seed: 7 } });
    expect(buildSimulatedArgv(server, '127.0.0.1', 8001)).toEqual({
      ok: true,
      value: ['--host', '127.0.0.1', '--port', '8001', '--served-model-name', 'demo', '--seed', '7'],
    });
  });
});
