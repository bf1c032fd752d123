import { create } from 'zustand';
import type { ServiceLocation } from '../../electron/contract/desktop-bridge.ts';
import { forgetBrowserToken, keepBrowserToken, takeBrowserToken } from '../app/browser-token.ts';
import { checkToken, openControlClient } from '../app/control-client.ts';
import type { ControlAddress, ControlClient } from '../app/control-client.ts';
import { desktopBridge } from '../app/desktop.ts';
import { nextConnection, startingConnection } from './connection-state.ts';
import type { Connection, ConnectionEvent } from './connection-state.ts';

interface ConnectionStore extends Connection {
  /** The client in use, or null while it is not known where the service is. */
  readonly client: ControlClient | null;
}

export const useConnection = create<ConnectionStore>()(() => ({ ...startingConnection, client: null }));

export const selectPhase = (store: ConnectionStore) => store.phase;
/** Whether what the page shows is kept up to date. */
export const selectIsLive = (store: ConnectionStore) => store.phase === 'live';

/** Finds the service and connects; called once by the entry file. */
export function startConnection(): void {
  const bridge = desktopBridge();
  if (!bridge) {
    const token = takeBrowserToken();
    if (token) connectTo({ control: location.origin, token });
    else dispatch({ type: 'token-needed' });
    return;
  }
  bridge.on('serviceLocation', onLocation);
  void bridge.serviceLocation().then(onLocation);
}

/** Tries a token typed by the operator; true when the service accepts it. */
export async function signIn(token: string): Promise<boolean> {
  const address = { control: location.origin, token: token.trim() };
  const check = await checkToken(address);
  if (check === 'refused') {
    dispatch({ type: 'token-refused' });
    return false;
  }
  keepBrowserToken(address.token);
  connectTo(address);
  return true;
}

/** Asks the desktop app to start the service. */
export async function startService(): Promise<void> {
  const bridge = desktopBridge();
  if (!bridge) return;
  onLocation(await bridge.startService());
}

/** Called by whoever hears from the service first: what is shown is live again. */
export function reportLive(client: ControlClient): void {
  if (useConnection.getState().client === client) dispatch({ type: 'answered' });
}

function onLocation(location: ServiceLocation): void {
  switch (location.state) {
    case 'ready':
      connectTo(location);
      return;
    case 'lost':
      dispatch({ type: 'lost', reason: location.reason, action: location.action });
      return;
    case 'starting':
      dispatch({ type: 'starting' });
  }
}

function connectTo({ control, token }: ControlAddress): void {
  const { client: former } = useConnection.getState();
  if (former?.address.control === control && former.address.token === token) return;
  former?.close();
  const client = openControlClient({ control: control.replace(/\/$/, ''), token }, () => void onSocketLost(client));
  useConnection.setState({ client });
  dispatch({ type: 'connecting' });
}

async function onSocketLost(client: ControlClient): Promise<void> {
  if (useConnection.getState().client !== client) return;
  const wasLive = useConnection.getState().phase === 'live';
  dispatch({ type: 'lost', reason: null, action: null });
  // A connection that worked proves the token; a service made anew may have another one, so ask when it refuses.
  if (desktopBridge() || wasLive) return;
  if ((await checkToken(client.address)) !== 'refused' || useConnection.getState().client !== client) return;
  client.close();
  forgetBrowserToken();
  useConnection.setState({ client: null });
  dispatch({ type: 'token-refused' });
}

function dispatch(event: ConnectionEvent): void {
  useConnection.setState((store) => nextConnection(store, event));
}
