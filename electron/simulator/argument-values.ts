import type { Flag, FlagName } from './flag-table.ts';
import { flags } from './flag-table.ts';

/** The texts given for each flag; a switch that is on has one. */
export type ArgumentValues = ReadonlyMap<FlagName, readonly string[]>;

/** Sorts arguments by flag and checks each text, or tells what is wrong with them in the words of argparse. */
export function readArguments(argv: readonly string[]): ArgumentValues | string {
  const values = collectValues(argv);
  return typeof values === 'string' ? values : (findProblem(values) ?? values);
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

/** The values of each flag that was given, or what is wrong with the arguments. */
function collectValues(argv: readonly string[]): ArgumentValues | string {
  const values = new Map<FlagName, readonly string[]>();
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

/** The flag of this name, written with dashes. */
export function findFlag(name: string): (typeof flags)[number] | null {
  return flags.find((flag) => flag.name === name) ?? null;
}

function findProblem(values: ArgumentValues): string | null {
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
