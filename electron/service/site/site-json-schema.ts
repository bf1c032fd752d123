import { z } from 'zod';
import { siteSchema } from '../../contract/site-schema.ts';

/** A JSON Schema as far as this program walks it. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly [key: string]: unknown;
}

/** JSON Schema (2020-12) of what an operator may write into the site file, for editors and for messages. */
function siteJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(siteSchema, { io: 'input' }) as JsonSchema;
  return { title: 'Outpost site file', ...schema };
}

/** Content of resources/site.schema.json. */
export function siteSchemaText(): string {
  return `${JSON.stringify(siteJsonSchema(), null, 2)}\n`;
}

let cached: JsonSchema | null = null;

/** The keys that are allowed in the map at a path of the site file; empty when any are. */
export function allowedKeys(path: readonly PropertyKey[]): readonly string[] {
  cached ??= siteJsonSchema();
  let candidates: readonly JsonSchema[] = [cached];
  for (const part of path) {
    candidates = candidates.flatMap(alternatives).flatMap((schema) => step(schema, part));
  }
  return [...new Set(candidates.flatMap(alternatives).flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf ? schema.anyOf.flatMap(alternatives) : [schema];
}

function step(schema: JsonSchema, part: PropertyKey): readonly JsonSchema[] {
  if (typeof part === 'number') {
    return schema.items && !Array.isArray(schema.items) ? [schema.items as JsonSchema] : [];
  }
  const named = schema.properties?.[String(part)];
  if (named) return [named];
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
}
