import type { ApiError, Parsed } from './api-error.ts';
import { invalidBody, parsed, refused } from './api-error.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The body of a JSON route. */
export function parseBody(text: string): Parsed<JsonObject> {
  if (text.trim() === '') return refused(invalidBody('missing', [], 'Field required'));
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return parsed(value);
    return refused(invalidBody('model_attributes_type', [], 'Input should be a valid dictionary or object'));
  } catch (error) {
    const position = Number(/position (\d+)/.exec(String(error))?.[1] ?? text.length);
    return refused(invalidBody('json_invalid', [position], 'JSON decode error'));
  }
}

/** Collects what is wrong with the fields of one body; the first error wins, as one is enough to refuse a request. */
export class FieldReader {
  readonly #body: JsonObject;
  error: ApiError | null = null;

  constructor(body: JsonObject) {
    this.#body = body;
  }

  integer(name: string): number | null {
    const value = this.#present(name);
    if (value === null) return null;
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    return this.#refuse(name, 'int_type', 'Input should be a valid integer');
  }

  number(name: string): number | null {
    const value = this.#present(name);
    if (value === null) return null;
    return typeof value === 'number' ? value : this.#refuse(name, 'float_type', 'Input should be a valid number');
  }

  boolean(name: string): boolean {
    const value = this.#present(name);
    if (value === null) return false;
    return typeof value === 'boolean'
      ? value
      : (this.#refuse(name, 'bool_type', 'Input should be a valid boolean') ?? false);
  }

  string(name: string): string | null {
    const value = this.#present(name);
    if (value === null) return null;
    return typeof value === 'string' ? value : this.#refuse(name, 'string_type', 'Input should be a valid string');
  }

  object(name: string): JsonObject | null {
    const value = this.#present(name);
    if (value === null) return null;
    return isObject(value) ? value : this.#refuse(name, 'dict_type', 'Input should be a valid dictionary');
  }

  list(name: string): readonly unknown[] | null {
    const value = this.#present(name);
    if (value === null) return null;
    return Array.isArray(value) ? value : this.#refuse(name, 'list_type', 'Input should be a valid list');
  }

  /** A string or a list of strings; absent is an empty list. */
  strings(name: string): readonly string[] {
    const value = this.#present(name);
    if (value === null) return [];
    if (typeof value === 'string') return [value];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    this.#refuse(name, 'string_type', 'Input should be a valid string');
    return [];
  }

  integers(name: string): readonly number[] {
    const value = this.#present(name);
    if (value === null) return [];
    if (Array.isArray(value) && value.every((item) => Number.isInteger(item))) return value;
    this.#refuse(name, 'int_type', 'Input should be a valid integer');
    return [];
  }

  missing(name: string): void {
    this.#refuse(name, 'missing', 'Field required');
  }

  #present(name: string): unknown {
    return this.#body[name] ?? null;
  }

  #refuse(name: string, kind: string, message: string): null {
    this.error ??= invalidBody(kind, [name], message);
    return null;
  }
}
