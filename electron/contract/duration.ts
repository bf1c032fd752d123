import { z } from 'zod';

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Milliseconds in a duration such as "500ms", "30s", "10m", "2h", "7d" or "1w", or null when it is not one. */
export function parseDurationMs(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)$/.exec(text.trim());
  if (!match?.[1] || !match[2]) return null;
  return Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]);
}

export const durationSchema = z
  .string()
  .refine((text) => parseDurationMs(text) !== null, 'use a number with a unit, such as 30s, 10m, 2h or 7d');
