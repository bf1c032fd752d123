import type { z } from 'zod';
import { allowedKeys } from './site-json-schema.ts';
import { nearestName } from './nearest-name.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

/** A schema issue in an operator's words. */
export interface ExplainedIssue {
  readonly path: Path;
  /** Whether the key at the end of the path is meant rather than its value. */
  readonly atKey: boolean;
  readonly reason: string;
}

/**
 * Says what is wrong with the value at an issue's path. `valueAt` gives the value that the file has there, undefined when
 * there is none.
 */
export function explainIssue(issue: Issue, valueAt: (path: Path) => unknown): readonly ExplainedIssue[] {
  const path = issue.path as Path;
  const value = valueAt(path);
  const name = String(path.at(-1) ?? '');
  const say = (reason: string) => [{ path, atKey: false, reason }];
  if (value === undefined && issue.code !== 'custom' && issue.code !== 'unrecognized_keys') {
    return [{ path, atKey: false, reason: `"${name}" is missing` }];
  }
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], atKey: true, reason: unknownKey(key, path) }));
    case 'invalid_type':
      return say(`must be ${typeInWords(issue.expected)}, not ${valueInWords(value)}`);
    case 'invalid_value':
      return say(notOneOf(value, issue.values));
    case 'invalid_union':
      return explainUnion(issue, path, value, valueAt);
    case 'invalid_key':
      return [
        { path, atKey: true, reason: `"${name}": ${issue.issues[0]?.message ?? 'is not allowed as a name here'}` },
      ];
    case 'invalid_element':
      return say(issue.issues[0]?.message ?? 'is not valid');
    case 'too_small':
      return say(outOfRange(issue.origin, 'at least', issue.inclusive === false, issue.minimum));
    case 'too_big':
      return say(outOfRange(issue.origin, 'at most', issue.inclusive === false, issue.maximum));
    case 'not_multiple_of':
      return say(`must be a multiple of ${issue.divisor}`);
    case 'invalid_format':
    case 'custom':
      return say(withValue(issue.message, value));
  }
}

function withValue(message: string, value: unknown): string {
  return typeof value === 'string' && !message.includes(value) ? `"${value}": ${message}` : message;
}

function unknownKey(key: string, path: Path): string {
  const allowed = allowedKeys(path);
  const nearest = nearestName(key, allowed);
  const hint = nearest ? `did you mean "${nearest}"?` : `allowed here: ${allowed.join(', ')}`;
  return `unknown setting "${key}"; ${hint}`;
}

function notOneOf(value: unknown, values: readonly unknown[]): string {
  const words = values.map(String);
  const nearest = typeof value === 'string' ? nearestName(value, words) : null;
  const list = words.length === 1 ? `must be ${words[0]}` : `must be one of ${words.join(', ')}`;
  return `${list}, not ${valueInWords(value)}${nearest ? `; did you mean "${nearest}"?` : ''}`;
}

/** The alternative that came furthest into the value is the one that was meant; without one, all are named. */
function explainUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
  value: unknown,
  valueAt: (path: Path) => unknown,
): readonly ExplainedIssue[] {
  const branches = issue.errors ?? [];
  const meant = branches.find((issues) => issues.every((inner) => inner.path.length > 0 || isInside(inner, value)));
  if (meant && meant.length > 0) {
    return meant.flatMap((inner) =>
      explainIssue({ ...inner, path: [...path, ...(inner.path as Path)] } as Issue, valueAt),
    );
  }
  const choices = [...new Set(branches.flatMap((issues) => issues.map((inner) => choiceInWords(inner, path))))];
  return [{ path, atKey: false, reason: `must be ${choices.join(' or ')}, not ${valueInWords(value)}` }];
}

/** Whether an issue about a value as a whole shows that its kind was right. */
function isInside(issue: Issue, value: unknown): boolean {
  if (issue.code === 'unrecognized_keys') return true;
  if (issue.code === 'invalid_format' || issue.code === 'custom') return typeof value === 'string';
  return issue.code === 'too_small' || issue.code === 'too_big';
}

function choiceInWords(issue: Issue, path: Path): string {
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' or ');
  if (issue.code === 'invalid_type' && issue.expected === 'object') {
    return `{ ${allowedKeys(path)
      .map((key) => `${key}: …`)
      .join(', ')} }`;
  }
  if (issue.code === 'invalid_type') return typeInWords(issue.expected);
  return issue.message;
}

function typeInWords(type: string): string {
  const words: Record<string, string> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map of settings',
    record: 'a map',
  };
  return words[type] ?? type;
}

function valueInWords(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return value.length > 40 ? `"${value.slice(0, 40)}…"` : `"${value}"`;
  return String(value);
}

function outOfRange(origin: string, bound: string, exclusive: boolean, limit: number | bigint): string {
  if (origin === 'array' || origin === 'set') return `must have ${bound} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  if (origin === 'string') {
    return limit === 1 && bound === 'at least' ? 'must not be empty' : `must have ${bound} ${limit} characters`;
  }
  if (!exclusive) return `must be ${bound} ${limit}`;
  return bound === 'at least' ? `must be more than ${limit}` : `must be less than ${limit}`;
}
