import { create } from 'zustand';
import type { ProcessStatus, SiteStatus } from '../../electron/contract/site-status.ts';
import { outpostError } from '../../electron/contract/outpost-error.ts';
import type { ControlClient } from '../app/control-client.ts';
import { announce } from './announcements.ts';
import { reportLive } from './connection.ts';
import { loaded, loading, valueOf } from './loadable.ts';
import type { Loadable } from './loadable.ts';
import { describeStateChanges } from './state-changes.ts';

interface StatusStore {
  readonly status: Loadable<SiteStatus>;
}

export const useStatus = create<StatusStore>()(() => ({ status: loading }));

export const selectStatus = (store: StatusStore) => store.status;
export const selectSiteName = (store: StatusStore) => valueOf(store.status)?.site ?? null;

/** The first address of the gateway without a slash at its end, or null while there is none. */
export const selectGatewayUrl = (store: StatusStore) => valueOf(store.status)?.gateway[0]?.replace(/\/$/, '') ?? null;

const noProcesses: readonly ProcessStatus[] = [];
export const selectProcesses = (store: StatusStore) => valueOf(store.status)?.processes ?? noProcesses;
/** Selector of one process; undefined when there is none of that name. */
export const selectProcess = (name: string) => (store: StatusStore) =>
  selectProcesses(store).find((process) => process.name === name);

/** Keeps the status up to date; the first to hear from the service, so it also reports that the connection lives. */
export function followStatus(client: ControlClient): () => void {
  const subscription = client.api.followStatus.subscribe(undefined, {
    onStarted: () => reportLive(client),
    onData: (status) => {
      reportLive(client);
      receiveStatus(status);
    },
    onError: (error) => {
      if (useStatus.getState().status.state === 'loaded') return;
      useStatus.setState({
        status: {
          state: 'failed',
          error: outpostError(
            'INTERNAL',
            'The state of the site cannot be read.',
            'Look at the log of the service, then reload this page.',
            error.message,
          ),
        },
      });
    },
  });
  return () => subscription.unsubscribe();
}

/** Puts a status on the screen, also one that came as the answer to an action. */
function receiveStatus(status: SiteStatus): void {
  const before = valueOf(useStatus.getState().status);
  useStatus.setState({ status: loaded(status) });
  if (before) for (const change of describeStateChanges(before.processes, status.processes)) announce(change);
}
