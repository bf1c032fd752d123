import { create } from 'zustand';
import type { SecretInfo } from '../../electron/contract/control-api.ts';
import type { Result } from '../../electron/contract/outpost-error.ts';
import { changeService, readFromService } from './call-service.ts';
import { afterRead, loading } from './loadable.ts';
import type { Loadable } from './loadable.ts';

interface SecretStore {
  readonly secrets: Loadable<readonly SecretInfo[]>;
}

export const useSecrets = create<SecretStore>()(() => ({ secrets: loading }));

export const selectSecrets = (store: SecretStore) => store.secrets;

export async function refreshSecrets(): Promise<void> {
  const result = await readFromService('read the names of the secrets', (api, options) =>
    api.secrets.list.query(undefined, options),
  );
  useSecrets.setState((store) => ({ secrets: afterRead(store.secrets, result) }));
}

export function followSecrets(): () => void {
  void refreshSecrets();
  return () => undefined;
}

export async function setSecret(name: string, value: string): Promise<Result<SecretInfo>> {
  const result = await changeService(`set the secret ${name}`, (api, options) =>
    api.secrets.set.mutate({ name, value }, options),
  );
  await refreshSecrets();
  return result;
}

export async function removeSecret(name: string): Promise<Result<{ readonly name: string }>> {
  const result = await changeService(`remove the secret ${name}`, (api, options) =>
    api.secrets.remove.mutate({ name }, options),
  );
  await refreshSecrets();
  return result;
}
