import { useEffect } from 'react';
import type { ControlClient } from '../app/control-client.ts';
import { useConnection } from './connection.ts';

/** Starts keeping something up to date over a live connection; returns the way to stop. */
export type Follower = (client: ControlClient) => () => void;

/** Runs a follower for as long as there is a client, from the start again with each new one. */
export function followEachClient(follower: Follower): () => void {
  let stop: (() => void) | null = null;
  let followed: ControlClient | null = null;
  const check = ({ client }: { readonly client: ControlClient | null }) => {
    if (client === followed) return;
    stop?.();
    followed = client;
    stop = client ? follower(client) : null;
  };
  check(useConnection.getState());
  const unsubscribe = useConnection.subscribe(check);
  return () => {
    unsubscribe();
    stop?.();
  };
}

/** Runs a follower from the start again every time the connection comes to life. */
export function followWhileLive(follower: Follower): () => void {
  let stop: (() => void) | null = null;
  let followedEpoch = 0;
  const check = ({ client, epoch }: { readonly client: ControlClient | null; readonly epoch: number }) => {
    if (epoch === followedEpoch || !client) return;
    stop?.();
    followedEpoch = epoch;
    stop = follower(client);
  };
  check(useConnection.getState());
  const unsubscribe = useConnection.subscribe(check);
  return () => {
    unsubscribe();
    stop?.();
  };
}

/** The same for as long as a component is shown. The follower must keep its identity, else it starts over. */
export function useWhileLive(follower: Follower): void {
  useEffect(() => followWhileLive(follower), [follower]);
}
