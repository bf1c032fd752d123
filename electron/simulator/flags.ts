import type { ArgumentValues } from './argument-values.ts';
import { findFlag, parseSize, readArguments } from './argument-values.ts';
import type { FaultSettings } from './faults.ts';
import type { FlagName } from './flag-table.ts';
import { helpText, programName } from './flag-table.ts';
import type { Timing } from './timing.ts';

export interface SimulatorOptions {
  readonly host: string;
  readonly port: number;
  readonly model: string;
  /** At least one; the first is the one in answers and metrics. */
  readonly servedModelNames: readonly [string, ...string[]];
  readonly maxModelLength: number;
  readonly maxNumSeqs: number;
  /** Empty: no key is needed. */
  readonly apiKeys: readonly string[];
  readonly seed: number;
  readonly embeddingSize: number;
  readonly accessLog: boolean;
  readonly requestIdHeaders: boolean;
  readonly promptTokensDetails: boolean;
  readonly forceIncludeUsage: boolean;
  readonly perRequestMetrics: boolean;
  readonly loadSeconds: number;
  readonly timing: Timing;
  readonly faults: FaultSettings;
  readonly statsIntervalSeconds: number;
  /** The flags that were given, for the log; keys are left out. */
  readonly givenArguments: Readonly<Record<string, unknown>>;
}

export type FlagOutcome =
  | { readonly kind: 'run'; readonly options: SimulatorOptions }
  | { readonly kind: 'help'; readonly text: string }
  /** Wrong use: to be printed on stderr, exit code 2. */
  | { readonly kind: 'error'; readonly text: string };

/** Reads the arguments after the program's name. */
export function parseFlags(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): FlagOutcome {
  if (argv.includes('--help') || argv.includes('-h')) return { kind: 'help', text: helpText() };
  const values = readArguments(argv);
  if (typeof values === 'string') return usageError(values);
  return { kind: 'run', options: buildOptions(values, environment) };
}

function usageError(message: string): FlagOutcome {
  return { kind: 'error', text: `usage: ${programName} [model] [options]\n${programName}: error: ${message}\n` };
}

function buildOptions(
  values: ArgumentValues,
  environment: Readonly<Record<string, string | undefined>>,
): SimulatorOptions {
  const texts = (name: FlagName): readonly string[] => values.get(name) ?? [];
  const text = (name: FlagName): string => values.get(name)?.[0] ?? findFlag(name)?.fallback ?? '';
  const number = (name: FlagName): number => Number(text(name));
  const numberOrNull = (name: FlagName): number | null => (text(name) === '' ? null : number(name));
  const isOn = (name: FlagName): boolean => values.has(name);

  const model = text('model');
  const [firstName = model, ...otherNames] = texts('served-model-name');
  const environmentKey = environment['VLLM_API_KEY'] ?? '';
  const keys = texts('api-key');
  const statsInterval = Number(environment['VLLM_LOG_STATS_INTERVAL'] ?? '10');
  const given = [...values].filter(([name]) => name !== 'api-key');
  return {
    host: text('host'),
    port: number('port'),
    model,
    servedModelNames: [firstName, ...otherNames],
    maxModelLength: parseSize(text('max-model-len')) ?? 8192,
    maxNumSeqs: number('max-num-seqs'),
    apiKeys: keys.length > 0 ? keys : environmentKey === '' ? [] : [environmentKey],
    seed: number('seed'),
    embeddingSize: number('embedding-size'),
    accessLog: !isOn('disable-uvicorn-access-log'),
    requestIdHeaders: isOn('enable-request-id-headers'),
    promptTokensDetails: isOn('enable-prompt-tokens-details'),
    forceIncludeUsage: isOn('enable-force-include-usage'),
    perRequestMetrics: isOn('enable-per-request-metrics'),
    loadSeconds: number('load-seconds'),
    timing: {
      ttftMs: number('ttft-ms'),
      itlMs: number('itl-ms'),
      jitter: number('jitter'),
      slowdown: number('slowdown'),
    },
    faults: {
      oomAtStart: isOn('fault-oom-at-start'),
      crashAfterSeconds: numberOrNull('fault-crash-after-seconds'),
      crashAfterRequests: numberOrNull('fault-crash-after-requests'),
      hangAfterRequests: numberOrNull('fault-hang-after-requests'),
      health503AfterSeconds: numberOrNull('fault-health-503-after-seconds'),
      ignoreSigterm: isOn('fault-ignore-sigterm'),
      escapingChildren: number('fault-escaping-children'),
      exitCode: number('exit-code'),
    },
    statsIntervalSeconds: statsInterval > 0 ? statsInterval : 10,
    givenArguments: Object.fromEntries(
      given.map(([name, list]) => [name.replaceAll('-', '_'), list.length === 1 ? list[0] : list]),
    ),
  };
}
