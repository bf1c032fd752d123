import { create } from 'zustand';
import type { SiteChange } from '../../electron/contract/control-api.ts';
import type { Result } from '../../electron/contract/outpost-error.ts';
import type { GatewayLogConfig } from '../../electron/contract/site-schema.ts';
import type { SiteFileState, SiteProblem } from '../../electron/contract/site-status.ts';
import { changeAuthor } from '../app/desktop.ts';
import { changeService, readFromService } from './call-service.ts';
import { afterRead, loading, valueOf } from './loadable.ts';
import type { Loadable } from './loadable.ts';
import { refreshSite, useSite } from './site.ts';

interface SettingsStore {
  /** Newest first. */
  readonly history: Loadable<readonly SiteChange[]>;
  /** What is wrong with the text in the editor; null while it was not looked at yet. */
  readonly problems: readonly SiteProblem[] | null;
}

export const useSettings = create<SettingsStore>()(() => ({ history: loading, problems: null }));

export const selectHistory = (store: SettingsStore) => store.history;
export const selectProblems = (store: SettingsStore) => store.problems;

export async function refreshHistory(): Promise<void> {
  const result = await readFromService('read the history of the site file', (api, options) =>
    api.site.history.query(undefined, options),
  );
  const newestFirst: Result<readonly SiteChange[]> = result.ok
    ? { ok: true, value: result.value.toSorted((a, b) => b.revision - a.revision) }
    : result;
  useSettings.setState((store) => ({ history: afterRead(store.history, newestFirst) }));
}

/** Reads the history now and again after every change. */
export function followHistory(): () => void {
  void refreshHistory();
  return useSite.subscribe((now, before) => {
    if (valueOf(now.site)?.file.revision !== valueOf(before.site)?.file.revision) void refreshHistory();
  });
}

let lastCheck = 0;

/** Looks for what is wrong with a text; the answer to the latest question counts. */
export async function checkSiteText(text: string): Promise<void> {
  const check = ++lastCheck;
  const result = await readFromService('check the text', (api, options) => api.site.validate.query({ text }, options));
  // When it cannot be checked now, saving still does.
  if (check === lastCheck && result.ok) useSettings.setState({ problems: result.value });
}

export function forgetProblems(): void {
  lastCheck += 1;
  useSettings.setState({ problems: null });
}

/** Refused with SITE_CHANGED_MEANWHILE when another change came after `baseRevision`. */
export async function saveSiteText(text: string, baseRevision: number): Promise<Result<SiteFileState>> {
  return thenRefresh(
    await changeService('save the site file', (api, options) =>
      api.site.saveText.mutate({ text, baseRevision, author: changeAuthor() }, options),
    ),
  );
}

export async function rollBackTo(revision: number): Promise<Result<SiteFileState>> {
  return thenRefresh(
    await changeService(`roll back to revision ${revision}`, (api, options) =>
      api.site.rollback.mutate({ revision, author: changeAuthor() }, options),
    ),
  );
}

export async function saveLogSettings(log: Partial<GatewayLogConfig>): Promise<Result<SiteFileState>> {
  return thenRefresh(
    await changeService('save the settings of the request log', (api, options) =>
      api.site.saveLogSettings.mutate({ log, author: changeAuthor() }, options),
    ),
  );
}

/** Stops every model, the gateway and the service itself; the connection ends with it. */
export function stopEverything(): Promise<Result<{ readonly stopped: readonly string[] }>> {
  return changeService('stop everything', (api, options) => api.processes.stopEverything.mutate(undefined, options));
}

async function thenRefresh<T>(result: Result<T>): Promise<Result<T>> {
  if (result.ok) await Promise.all([refreshSite(), refreshHistory()]);
  return result;
}
