import { serverSchema } from '../../../electron/contract/site-schema.ts';
import type { EngineName, ServerConfig } from '../../../electron/contract/site-schema.ts';
import { formatArgument, parseArgument, parseEnvironmentText } from './argument-text.ts';

export interface ArgumentRow {
  readonly id: number;
  readonly name: string;
  readonly value: string;
}

export interface EnvironmentRow extends ArgumentRow {
  /** Whether the value is the name of a secret instead of the value itself. */
  readonly secret: boolean;
}

/** A server as it is typed into the form: every field is text, an empty one is absent. */
export interface ServerDraft {
  readonly engine: EngineName;
  readonly name: string;
  readonly weights: string;
  readonly serves: string;
  readonly port: string;
  readonly gpus: string;
  readonly args: readonly ArgumentRow[];
  readonly env: readonly EnvironmentRow[];
  readonly command: string;
  /** One per line. */
  readonly commandArgs: string;
  readonly cwd: string;
  readonly ready: string;
  readonly readyTimeout: string;
  readonly start: 'always' | 'manual';
  readonly fallback: string;
}

export type DraftField = Exclude<keyof ServerDraft, 'args' | 'env'>;

/** What is wrong, by field; of a row by "args.2" or "env.0". */
export type DraftErrors = Readonly<Record<string, string>>;

export type CheckedDraft =
  { readonly valid: true; readonly server: ServerConfig } | { readonly valid: false; readonly errors: DraftErrors };

export const emptyDraft: ServerDraft = {
  engine: 'vllm',
  name: '',
  weights: '',
  serves: '',
  port: '',
  gpus: '',
  args: [],
  env: [],
  command: '',
  commandArgs: '',
  cwd: '',
  ready: '',
  readyTimeout: '',
  start: 'always',
  fallback: '',
};

export function draftOf(server: ServerConfig): ServerDraft {
  return {
    engine: server.engine,
    name: server.name,
    weights: server.weights ?? '',
    serves: server.serves.join(', '),
    port: server.port ? String(server.port) : '',
    gpus: server.gpus?.join(', ') ?? '',
    args: Object.entries(server.args ?? {}).map(([name, value], id) => ({ id, name, value: formatArgument(value) })),
    env: Object.entries(server.env ?? {}).map(([name, value], id) =>
      typeof value === 'object'
        ? { id, name, value: value.secret, secret: true }
        : { id, name, value: String(value), secret: false },
    ),
    command: server.runtime?.command ?? '',
    commandArgs: server.runtime?.args?.join('\n') ?? '',
    cwd: server.runtime?.cwd ?? '',
    ready: server.ready ?? '',
    readyTimeout: server.ready_timeout ?? '',
    start: server.start,
    fallback: server.fallback ?? '',
  };
}

/** Checks a draft against the site schema and against the other servers of the site. */
export function checkDraft(draft: ServerDraft, others: readonly ServerConfig[]): CheckedDraft {
  const errors: Record<string, string> = {
    ...checkRows('args', draft.args),
    ...checkRows('env', draft.env),
    ...checkNeeded(draft),
  };
  const parsed = serverSchema.safeParse(rawServer(draft));
  for (const issue of parsed.error?.issues ?? []) {
    const field = fieldOf(issue.path, draft);
    errors[field] ??= plainMessages[field] ?? asSentence(issue.message);
  }
  if (draft.name !== '' && others.some(({ name }) => name === draft.name)) {
    errors['name'] = 'Another server has this name.';
  }
  const port = Number(draft.port);
  const samePort = draft.port === '' || port === 0 ? undefined : others.find((other) => other.port === port);
  if (samePort) errors['port'] = `${samePort.name} uses this port.`;
  if (parsed.success && Object.keys(errors).length === 0) return { valid: true, server: parsed.data };
  return { valid: false, errors };
}

/** Said instead of what the schema says where a field is empty or is not a number. */
const plainMessages: Readonly<Record<string, string>> = {
  serves: 'Name at least one model: letters, digits and . _ : / @ + -, separated by commas.',
  port: 'Use a number from 1 to 65535, or leave it empty.',
  gpus: 'Use GPU numbers separated by commas, such as 0, 1.',
  weights: 'Give the folder that holds the files of the model.',
  command: 'Give the program to run.',
};

function rawServer(draft: ServerDraft): unknown {
  const runtime = {
    ...textField('command', draft.command),
    ...(draft.commandArgs.trim() === '' ? {} : { args: linesOf(draft.commandArgs) }),
    ...textField('cwd', draft.cwd),
  };
  const usesGpus = draft.engine !== 'simulated';
  return {
    name: draft.name.trim(),
    engine: draft.engine,
    ...(draft.engine === 'simulated' ? {} : textField('weights', draft.weights)),
    serves: listOf(draft.serves),
    ...(draft.port.trim() === '' ? {} : { port: Number(draft.port) }),
    ...(usesGpus && draft.gpus.trim() !== '' ? { gpus: listOf(draft.gpus).map(Number) } : {}),
    ...(draft.args.length === 0
      ? {}
      : { args: Object.fromEntries(draft.args.map(({ name, value }) => [name.trim(), parseArgument(value)])) }),
    ...(draft.env.length === 0
      ? {}
      : {
          env: Object.fromEntries(
            draft.env.map(({ name, value, secret }) => [
              name.trim(),
              secret ? { secret: value.trim() } : parseEnvironmentText(value),
            ]),
          ),
        }),
    ...(draft.engine === 'simulated' || Object.keys(runtime).length === 0
      ? {}
      : { runtime: { kind: 'native', ...runtime } }),
    ...textField('ready', draft.ready),
    ...textField('ready_timeout', draft.readyTimeout),
    start: draft.start,
    ...textField('fallback', draft.fallback),
  };
}

/** The field of the form that an issue of the schema is about. */
function fieldOf(path: readonly PropertyKey[], draft: ServerDraft): string {
  const [first, second] = path;
  switch (first) {
    case 'args':
    case 'env': {
      const row = draft[first].findIndex(({ name }) => name.trim() === second);
      return row === -1 ? first : `${first}.${row}`;
    }
    case 'runtime':
      return second === 'args' ? 'commandArgs' : second === 'cwd' ? 'cwd' : 'command';
    case 'ready_timeout':
      return 'readyTimeout';
    default:
      return String(first ?? 'name');
  }
}

/** The schema looks at what an engine needs only when everything else is right; the form says it from the start. */
function checkNeeded({ engine, weights, command }: ServerDraft): Record<string, string> {
  const missing = {
    weights: engine === 'vllm' && weights.trim() === '',
    command: engine === 'command' && command.trim() === '',
  };
  return Object.fromEntries(
    Object.entries(missing).flatMap(([field, isMissing]) => (isMissing ? [[field, plainMessages[field] ?? '']] : [])),
  );
}

function checkRows(field: 'args' | 'env', rows: readonly ArgumentRow[]): Record<string, string> {
  const errors: Record<string, string> = {};
  rows.forEach((row, index) => {
    const name = row.name.trim();
    if (name === '') errors[`${field}.${index}`] = 'Give it a name, or remove the row.';
    else if (rows.findIndex((other) => other.name.trim() === name) !== index) {
      errors[`${field}.${index}`] = 'This name is there twice.';
    }
  });
  return errors;
}

/** The schema speaks in fragments, which follow a line number elsewhere. */
function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

function textField(name: string, text: string): Record<string, string> {
  return text.trim() === '' ? {} : { [name]: text.trim() };
}

function listOf(text: string): string[] {
  return text.split(/[,\s]+/).filter((item) => item !== '');
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
