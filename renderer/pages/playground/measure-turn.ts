/**
 * Tokens per second after the first one, from the count the server gave and the times measured here; null when one of
 * them is not known or there was only one token.
 */
export function tokensPerSecond(
  completionTokens: number | null,
  ttftMs: number | null,
  durationMs: number | null,
): number | null {
  if (completionTokens === null || completionTokens < 2 || ttftMs === null || durationMs === null) return null;
  const restMs = durationMs - ttftMs;
  return restMs <= 0 ? null : ((completionTokens - 1) * 1000) / restMs;
}
