import { create } from 'zustand';
import type { SiteEvent } from '../../electron/contract/site-status.ts';
import type { ControlClient } from '../app/control-client.ts';
import { readFromService } from './call-service.ts';
import { mergeEvents } from './merge-events.ts';
import { afterRead, loaded, loading, valueOf } from './loadable.ts';
import type { Loadable } from './loadable.ts';

interface EventStore {
  /** Newest first. */
  readonly events: Loadable<readonly SiteEvent[]>;
}

export const useEvents = create<EventStore>()(() => ({ events: loading }));

export const selectEvents = (store: EventStore) => store.events;

export async function refreshEvents(): Promise<void> {
  const result = await readFromService('read the events', (api, options) => api.events.query({ limit: 50 }, options));
  useEvents.setState(({ events }) =>
    result.ok
      ? { events: loaded(mergeEvents(valueOf(events) ?? [], result.value)) }
      : { events: afterRead(events, result) },
  );
}

export function followEvents(client: ControlClient): () => void {
  void refreshEvents();
  const subscription = client.api.followEvents.subscribe(undefined, {
    onData: (event) =>
      useEvents.setState(({ events }) => ({ events: loaded(mergeEvents(valueOf(events) ?? [], [event])) })),
  });
  return () => subscription.unsubscribe();
}
