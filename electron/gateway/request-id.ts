import { randomUUID } from 'node:crypto';

/** The client's id when it is one that is safe to log and to pass on, else a new random UUID. */
export function requestIdOf(given: string | readonly string[] | undefined): string {
  return typeof given === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(given) ? given : randomUUID();
}
