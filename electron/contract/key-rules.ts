import { z } from 'zod';
import { featureNameSchema, modelNameSchema } from './names.ts';

const limitSchema = z.int().min(1).max(1_000_000_000_000).nullable();

/** How much one key may use; null is no limit. */
export const keyLimitsSchema = z.strictObject({
  requestsPerMinute: limitSchema,
  /** Prompt and completion tokens together. */
  tokensPerMinute: limitSchema,
  /** Requests that run at the same time. */
  concurrency: limitSchema,
  /** Prompt and completion tokens together, from midnight to midnight UTC. */
  tokensPerDay: limitSchema,
});
export type KeyLimits = z.infer<typeof keyLimitsSchema>;

/** First part of a path below /v1, such as chat for /v1/chat/completions, or embeddings, rerank, audio. */
export const routeNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, 'use the first part of a path below /v1, such as chat or embeddings');

/** What one gateway key may do, until when and how much; null is no restriction. */
export const keyRulesSchema = z.strictObject({
  models: z.array(modelNameSchema).min(1).nullable(),
  features: z.array(featureNameSchema).min(1).nullable(),
  routes: z.array(routeNameSchema).min(1).nullable(),
  /** UTC epoch milliseconds. */
  expiresAtMs: z.int().nullable(),
  limits: keyLimitsSchema,
});
export type KeyRules = z.infer<typeof keyRulesSchema>;

export const unrestrictedKey: KeyRules = {
  models: null,
  features: null,
  routes: null,
  expiresAtMs: null,
  limits: { requestsPerMinute: null, tokensPerMinute: null, concurrency: null, tokensPerDay: null },
};
