import { z } from 'zod';

/** The name of Outpost's own data plane among supervised processes. */
export const GATEWAY_NAME = 'gateway';

/** Names become folders, socket names and URL parts, hence the narrow alphabet and the length. */
export const processNameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,47}$/,
    'use 1 to 48 lower-case letters, digits, ".", "_" or "-", starting with a letter or digit',
  )
  .refine((name) => name !== GATEWAY_NAME, `"${GATEWAY_NAME}" is reserved for Outpost's own gateway`);

/** What a client puts into "model"; slashes and colons occur in hub ids and adapter names. */
export const modelNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}$/, 'use letters, digits and . _ : / @ + -, at most 200 characters');

export const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'use letters, digits, ".", "_" or "-"');

export const keyNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._ @-]{0,63}$/, 'use up to 64 letters, digits, spaces or . _ @ -');

export const featureNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'use a GitLab feature key such as code_completions');
