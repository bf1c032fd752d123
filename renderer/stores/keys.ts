import { create } from 'zustand';
import type { KeyInfo } from '../../electron/contract/control-api.ts';
import type { Result } from '../../electron/contract/outpost-error.ts';
import { changeService, readFromService } from './call-service.ts';
import { afterRead, loading } from './loadable.ts';
import type { Loadable } from './loadable.ts';

interface KeyStore {
  readonly keys: Loadable<readonly KeyInfo[]>;
  /** The key that was just made. It is shown once, so it is forgotten when the operator says so. */
  readonly fresh: { readonly name: string; readonly key: string } | null;
}

export const useKeys = create<KeyStore>()(() => ({ keys: loading, fresh: null }));

export const selectKeys = (store: KeyStore) => store.keys;
export const selectFreshKey = (store: KeyStore) => store.fresh;

export async function refreshKeys(): Promise<void> {
  const result = await readFromService('read the keys', (api, options) => api.keys.list.query(undefined, options));
  useKeys.setState((store) => ({ keys: afterRead(store.keys, result) }));
}

export function followKeys(): () => void {
  void refreshKeys();
  return () => undefined;
}

export async function addKey(name: string): Promise<Result<unknown>> {
  const result = await changeService(`add the key ${name}`, (api, options) => api.keys.add.mutate({ name }, options));
  if (result.ok) useKeys.setState({ fresh: result.value });
  await refreshKeys();
  return result;
}

export function forgetFreshKey(): void {
  useKeys.setState({ fresh: null });
}

export async function revokeKey(name: string): Promise<Result<KeyInfo>> {
  const result = await changeService(`revoke the key ${name}`, (api, options) =>
    api.keys.revoke.mutate({ name }, options),
  );
  await refreshKeys();
  return result;
}
