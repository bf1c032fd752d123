import type { Outcome } from '../build-row.ts';

/** Of English text a token has about four characters; other texts have more tokens than this says. */
const CHARACTERS_PER_TOKEN = 4;

/**
 * Tokens that a request is counted with: as the model server reported them, else estimated from the texts, so that a client
 * cannot save its budget by leaving before the end. Nothing when no model server worked for it.
 */
export function countedTokens(outcome: Outcome, promptText: string | null): number {
  const { usage, servedBy, answerText, state } = outcome;
  if (servedBy === undefined || servedBy === null) return 0;
  const prompt = usage?.promptTokens ?? null;
  const completion = usage?.completionTokens ?? null;
  const hasWorked = state !== 'error' || prompt !== null || (answerText ?? '') !== '';
  return hasWorked ? (prompt ?? estimate(promptText)) + (completion ?? estimate(answerText)) : 0;
}

function estimate(text: string | null | undefined): number {
  return Math.ceil((text?.length ?? 0) / CHARACTERS_PER_TOKEN);
}
