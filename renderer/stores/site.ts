import { create } from 'zustand';
import type { SiteDocument } from '../../electron/contract/control-api.ts';
import type { Result } from '../../electron/contract/outpost-error.ts';
import type { SiteFileState } from '../../electron/contract/site-status.ts';
import { changeAuthor } from '../app/desktop.ts';
import { changeService, readFromService } from './call-service.ts';
import { afterRead, loading } from './loadable.ts';
import type { Loadable } from './loadable.ts';
import { useStatus } from './status.ts';

interface SiteStore {
  readonly site: Loadable<SiteDocument>;
}

export const useSite = create<SiteStore>()(() => ({ site: loading }));

export const selectSite = (store: SiteStore) => store.site;

export async function refreshSite(): Promise<void> {
  const result = await readFromService('read the site file', (api, options) => api.site.get.query(undefined, options));
  useSite.setState((store) => ({ site: afterRead(store.site, result) }));
}

/** Reads the site file now and again whenever its revision or its problems change. */
export function followSite(): () => void {
  void refreshSite();
  return useStatus.subscribe((now, before) => {
    if (fileState(now) !== fileState(before)) void refreshSite();
  });
}

/** Writes the demo site, or an empty one to add servers to. */
export async function startSite(kind: 'demo' | 'empty', name?: string): Promise<Result<SiteFileState>> {
  const result = await changeService('write the site file', (api, options) =>
    api.site.start.mutate({ kind, author: changeAuthor(), ...(name === undefined ? {} : { name }) }, options),
  );
  await refreshSite();
  return result;
}

function fileState({ status }: { readonly status: ReturnType<typeof useStatus.getState>['status'] }): string {
  return status.state === 'loaded' ? JSON.stringify(status.value.site_file) : '';
}
