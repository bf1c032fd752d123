import { create } from 'zustand';
import type { CommandPreview, EngineCandidate } from '../../electron/contract/control-api.ts';
import type { Result } from '../../electron/contract/outpost-error.ts';
import type { RunRecord } from '../../electron/contract/process-state.ts';
import type { ServerConfig } from '../../electron/contract/site-schema.ts';
import type { ProcessStatus, SiteFileState } from '../../electron/contract/site-status.ts';
import { changeAuthor } from '../app/desktop.ts';
import { askService, changeService, readFromService } from './call-service.ts';
import { afterRead, loading } from './loadable.ts';
import type { Loadable } from './loadable.ts';
import { refreshSite } from './site.ts';

interface ServerStore {
  /** Runs of each process that was looked at, newest first. */
  readonly runs: Readonly<Record<string, Loadable<readonly RunRecord[]>>>;
  readonly candidates: Loadable<readonly EngineCandidate[]>;
}

export const useServers = create<ServerStore>()(() => ({ runs: {}, candidates: loading }));

export const selectCandidates = (store: ServerStore) => store.candidates;
export const selectRuns =
  (name: string) =>
  (store: ServerStore): Loadable<readonly RunRecord[]> =>
    store.runs[name] ?? loading;

export function startProcess(name: string): Promise<Result<ProcessStatus>> {
  return changeService(`start ${name}`, (api, options) => api.processes.start.mutate({ name }, options));
}

export function stopProcess(name: string): Promise<Result<ProcessStatus>> {
  return changeService(`stop ${name}`, (api, options) => api.processes.stop.mutate({ name }, options));
}

export function restartProcess(name: string): Promise<Result<ProcessStatus>> {
  return changeService(`restart ${name}`, (api, options) => api.processes.restart.mutate({ name }, options));
}

export async function refreshRuns(name: string): Promise<void> {
  const result = await askService(`read the runs of ${name}`, (api, options) =>
    api.processes.runs.query({ name }, options),
  );
  const newestFirst: Result<readonly RunRecord[]> = result.ok
    ? { ok: true, value: [...result.value].sort((a, b) => b.number - a.number) }
    : result;
  useServers.setState(({ runs }) => ({ runs: { ...runs, [name]: afterRead(runs[name] ?? loading, newestFirst) } }));
}

export async function refreshCandidates(): Promise<void> {
  const result = await readFromService('look for engines', (api, options) =>
    api.site.engineCandidates.query(undefined, options),
  );
  useServers.setState(({ candidates }) => ({ candidates: afterRead(candidates, result) }));
}

export function previewCommand(server: ServerConfig): Promise<Result<CommandPreview>> {
  return askService('work out the command', (api, options) => api.site.previewCommand.query({ server }, options));
}

/** Adds a server, or puts it in the place of the one named by `replaces`. */
export async function saveServer(server: ServerConfig, replaces: string | null): Promise<Result<SiteFileState>> {
  const result = await changeService(`save ${server.name}`, (api, options) =>
    api.site.saveServer.mutate({ server, replaces, author: changeAuthor() }, options),
  );
  if (result.ok) await refreshSite();
  return result;
}

export async function removeServer(name: string): Promise<Result<SiteFileState>> {
  const result = await changeService(`remove ${name}`, (api, options) =>
    api.site.removeServer.mutate({ name, author: changeAuthor() }, options),
  );
  if (result.ok) await refreshSite();
  return result;
}
