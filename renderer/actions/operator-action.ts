import type { OutpostError, Result } from '../../electron/contract/outpost-error.ts';
import { noticeDone, noticeFailed } from '../stores/notices.ts';

export type Allowed = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/** Something an operator does to a subject, wherever the button for it is. */
export interface OperatorAction<S> {
  /** Stable name, such as "start-process". */
  readonly name: string;
  label(subject: S): string;
  /** Why it cannot be done now, in words that say what would change that. */
  allowed(subject: S): Allowed;
  run(subject: S): Promise<Result<unknown>>;
  /** Shown when it is done. */
  done(subject: S): string;
  /** Asked before it is done, or null to do it at once. */
  readonly confirm:
    ((subject: S) => { readonly title: string; readonly text: string; readonly danger: boolean }) | null;
}

export const allowed: Allowed = { allowed: true };

export function notAllowed(reason: string): Allowed {
  return { allowed: false, reason };
}

/** Runs an action and tells the operator how it went; the error, or null when it was done. */
export async function runAction<S>(action: OperatorAction<S>, subject: S): Promise<OutpostError | null> {
  const result = await action.run(subject);
  if (result.ok) {
    noticeDone(action.done(subject));
    return null;
  }
  noticeFailed(result.error);
  return result.error;
}
