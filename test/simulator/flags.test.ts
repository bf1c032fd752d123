import { describe, expect, it } from 'vitest';
import { flags } from '../../electron/simulator/flag-table.ts';
import type { SimulatorOptions } from '../../electron/simulator/flags.ts';
import { parseSize } from '../../electron/simulator/argument-values.ts';
import { parseFlags } from '../../electron/simulator/flags.ts';

function parseOptions(argv: readonly string[], environment: Record<string, string> = {}): SimulatorOptions {
  const outcome = parseFlags(argv, environment);
  if (outcome.kind !== 'run') throw new Error(outcome.text);
  return outcome.options;
}

function parseError(argv: readonly string[]): string {
  const outcome = parseFlags(argv, {});
  if (outcome.kind !== 'error') throw new Error(`Accepted: ${argv.join(' ')}`);
  return outcome.text.split('error: ')[1]?.trimEnd() ?? '';
}

describe('flags', () => {
  it('has the defaults that its help shows', () => {
    expect(parseOptions([])).toMatchObject({
      host: '127.0.0.1',
      port: 8000,
      servedModelNames: ['simulated-model'],
      maxModelLength: 8192,
      maxNumSeqs: 256,
      apiKeys: [],
      faults: { oomAtStart: false, crashAfterSeconds: null, hangAfterRequests: null, escapingChildren: 0, exitCode: 1 },
      statsIntervalSeconds: 10,
    });
  });

  it('reads dashes and underscores, separate and inline values, several values and a first argument without a flag', () => {
    const options = parseOptions([
      '/weights/tiny',
      '--served_model_name',
      'a',
      'b',
      '--max-num-seqs=4',
      '--fault_hang_after_requests',
      '0',
      '--api-key',
      'k1',
      'k2',
    ]);
    expect(options).toMatchObject({
      model: '/weights/tiny',
      servedModelNames: ['a', 'b'],
      maxNumSeqs: 4,
      apiKeys: ['k1', 'k2'],
      faults: { hangAfterRequests: 0 },
    });
  });

  it('lets --no-flag undo a switch', () => {
    expect(parseOptions(['--fault-ignore-sigterm', '--no-fault-ignore-sigterm']).faults.ignoreSigterm).toBe(false);
  });

  it('reads sizes with decimal and binary suffixes', () => {
    expect(['8192', '8k', '8K', '1.5k', '1m', '1M', '1G'].map(parseSize)).toEqual([
      8192, 8000, 8192, 1500, 1e6, 1048576, 1073741824,
    ]);
    expect(['', 'k', '8kb', '-1', '1.00001k'].map(parseSize)).toEqual([null, null, null, null, null]);
  });

  it('prefers --api-key to VLLM_API_KEY and never shows keys', () => {
    expect(parseOptions([], { VLLM_API_KEY: 'e' }).apiKeys).toEqual(['e']);
    const options = parseOptions(['--api-key', 'k'], { VLLM_API_KEY: 'e' });
    expect(options.apiKeys).toEqual(['k']);
    expect(JSON.stringify(options.givenArguments)).not.toContain('k"');
  });

  it('refuses what it does not know, as argparse does', () => {
    expect(parseError(['--tensor-parallel', '2'])).toBe('unrecognized arguments: --tensor-parallel');
    expect(parseError(['a', 'b'])).toBe('unrecognized arguments: b');
    expect(parseError(['--port'])).toBe('argument --port: expected one argument');
    expect(parseError(['--port', 'x'])).toBe("argument --port: invalid int value: 'x'");
    expect(parseError(['--port', '70000'])).toBe("argument --port: invalid int value: '70000'");
    expect(parseError(['--jitter', '2'])).toBe("argument --jitter: must be from 0 to 1, not '2'");
    expect(parseError(['--served-model-name'])).toBe('argument --served-model-name: expected at least one argument');
    expect(parseError(['--max-num-seqs', '0'])).toBe('argument --max-num-seqs: must be at least 1');
  });

  it('describes every flag in its help', () => {
    const outcome = parseFlags(['--port', 'x', '--help'], {});
    expect(outcome.kind).toBe('help');
    for (const flag of flags) expect(outcome.kind === 'help' && outcome.text).toContain(`--${flag.name}`);
  });
});
