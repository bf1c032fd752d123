import type { FaultSettings } from './faults.ts';
import type { Flag, FlagName } from './flag-table.ts';
import { flags, helpText, programName } from './flag-table.ts';
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

type Values = Map<FlagName, readonly string[]>;

/** Reads the arguments after the program's name. */
export function parseFlags(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): FlagOutcome {
  if (argv.includes('--help') || argv.includes('-h')) return { kind: 'help', text: helpText() };
  const collected = collectValues(argv);
  if (typeof collected === 'string') return usageError(collected);
  const problem = findProblem(collected);
  if (problem !== null) return usageError(problem);
  return { kind: 'run', options: buildOptions(collected, environment) };
}

/** 8192, 8k (times 1000) or 8K (times 1024), likewise m, M, g and G; null when it is none of these. */
export function parseSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([kmgKMG]?)$/.exec(text);
  if (match === null) return null;
  const unit = match[2] ?? '';
  const base = unit === unit.toLowerCase() ? 1000 : 1024;
  const size = Number(match[1]) * base ** ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase());
  return Number.isInteger(size) ? size : null;
}

function usageError(message: string): FlagOutcome {
  return { kind: 'error', text: `usage: ${programName} [model] [options]\n${programName}: error: ${message}\n` };
}

/** The values of each flag that was given, or what is wrong with the arguments. */
function collectValues(argv: readonly string[]): Values | string {
  const values: Values = new Map();
  const unrecognized: string[] = [];
  let index = 0;
  const takeValue = (): string | null => {
    const next = argv[index];
    if (next === undefined || isFlag(next)) return null;
    index += 1;
    return next;
  };
  while (index < argv.length) {
    const argument = argv[index] ?? '';
    index += 1;
    if (!isFlag(argument)) {
      if (values.has('model')) unrecognized.push(argument);
      else values.set('model', [argument]);
      continue;
    }
    const [, rawName = '', inline] = /^--([^=]*)(?:=(.*))?$/s.exec(argument) ?? [];
    const name = rawName.replaceAll('_', '-');
    const flag = findFlag(name);
    if (flag === null) {
      const negated = name.startsWith('no-') ? findFlag(name.slice(3)) : null;
      if (negated?.kind === 'switch' && inline === undefined) values.delete(negated.name);
      else unrecognized.push(argument);
    } else if (flag.kind === 'switch') {
      if (inline !== undefined) return `argument --${name}: ignored explicit argument '${inline}'`;
      values.set(flag.name, ['true']);
    } else if (flag.kind === 'texts') {
      const texts = inline === undefined ? [] : [inline];
      for (let text = takeValue(); text !== null; text = takeValue()) texts.push(text);
      if (texts.length === 0) return `argument --${name}: expected at least one argument`;
      values.set(flag.name, texts);
    } else {
      const value = inline ?? takeValue();
      if (value === null) return `argument --${name}: expected one argument`;
      values.set(flag.name, [value]);
    }
  }
  return unrecognized.length > 0 ? `unrecognized arguments: ${unrecognized.join(' ')}` : values;
}

function isFlag(argument: string): boolean {
  return argument.startsWith('--') || /^-[A-Za-z]/.test(argument);
}

function findFlag(name: string): (typeof flags)[number] | null {
  return flags.find((flag) => flag.name === name) ?? null;
}

function findProblem(values: Values): string | null {
  for (const flag of flags satisfies readonly Flag[]) {
    for (const text of values.get(flag.name) ?? []) {
      const problem = describeProblem(flag.kind, text);
      if (problem !== null) return `argument --${flag.name}: ${problem}`;
    }
  }
  const port = Number(values.get('port')?.[0] ?? 0);
  if (port > 65535) return `argument --port: invalid int value: '${port}'`;
  for (const name of ['max-model-len', 'max-num-seqs', 'embedding-size'] as const) {
    const text = values.get(name)?.[0];
    if (text !== undefined && parseSize(text) === 0) return `argument --${name}: must be at least 1`;
  }
  return null;
}

function describeProblem(kind: Flag['kind'], text: string): string | null {
  switch (kind) {
    case 'text':
    case 'texts':
    case 'switch':
      return text === '' ? 'must not be empty' : null;
    case 'integer':
      return /^\d+$/.test(text) ? null : `invalid int value: '${text}'`;
    case 'size':
      return parseSize(text) === null ? `invalid human_readable_int value: '${text}'` : null;
    case 'number':
      return /^\d+(\.\d+)?$/.test(text) ? null : `invalid float value: '${text}'`;
    case 'fraction':
      return /^\d+(\.\d+)?$/.test(text) && Number(text) <= 1 ? null : `must be from 0 to 1, not '${text}'`;
  }
}

function buildOptions(values: Values, environment: Readonly<Record<string, string | undefined>>): SimulatorOptions {
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
