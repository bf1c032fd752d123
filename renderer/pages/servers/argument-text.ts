import type { ArgumentValue, EnvironmentValue } from '../../../electron/contract/site-schema.ts';

/**
 * An argument as it is typed: true and false are switches, numbers are numbers, [..] and {..} are JSON, everything else
 * is text. Text that would read as one of these is typed in double quotes.
 */
export function parseArgument(text: string): ArgumentValue {
  const trimmed = text.trim();
  if (trimmed === 'true') return true;
  if (trimmed === 'false') return false;
  if (isPlainNumber(trimmed)) return Number(trimmed);
  if (/^[["{]/.test(trimmed)) {
    const value = parseJson(trimmed);
    if (isArgumentJson(value)) return value;
  }
  return trimmed;
}

export function formatArgument(value: ArgumentValue): string {
  if (typeof value !== 'string') return typeof value === 'object' ? JSON.stringify(value) : String(value);
  return parseArgument(value) === value ? value : JSON.stringify(value);
}

/** An environment value as it is typed; the process sees text in any case. */
export function parseEnvironmentText(text: string): Exclude<EnvironmentValue, { secret: string }> {
  if (text === 'true') return true;
  if (text === 'false') return false;
  return isPlainNumber(text) ? Number(text) : text;
}

/** Whether a number is written just as it is printed, so that 007 and 1e9 stay text. */
function isPlainNumber(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text)) && String(Number(text)) === text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Text that begins like JSON and is none is text.
    return undefined;
  }
}

function isArgumentJson(value: unknown): value is Exclude<ArgumentValue, number | boolean> {
  if (typeof value === 'string') return true;
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string' || typeof item === 'number');
  return typeof value === 'object' && value !== null;
}
