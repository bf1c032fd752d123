import type { OutpostError, Result } from '../../electron/contract/outpost-error.ts';

/** Something that is read from the service: not here yet, not to be had, or here. */
export type Loadable<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: OutpostError }
  | {
      readonly state: 'loaded';
      readonly value: T;
      /** Why a later read failed while this value stays on the screen, or null. */
      readonly refreshError: OutpostError | null;
    };

export const loading = { state: 'loading' } as const;

export function loaded<T>(value: T): Loadable<T> {
  return { state: 'loaded', value, refreshError: null };
}

/** A failed refresh keeps what was there. */
export function afterRead<T>(now: Loadable<T>, result: Result<T>): Loadable<T> {
  if (result.ok) return loaded(result.value);
  if (now.state === 'loaded') return { ...now, refreshError: result.error };
  return { state: 'failed', error: result.error };
}

/** The value, or undefined while there is none. */
export function valueOf<T>(loadable: Loadable<T>): T | undefined {
  return loadable.state === 'loaded' ? loadable.value : undefined;
}
