import type { IpcRenderer, IpcRendererEvent } from 'electron';
import type { DesktopBridge, DesktopCalls, DesktopEvents } from '../contract/desktop-bridge.ts';
import { desktopCallNames, desktopChannel, desktopEventNames } from '../contract/desktop-bridge.ts';

/** The page's one object, built from the contract's map: nothing else of Electron can be reached through it. */
export function createBridge(ipc: Pick<IpcRenderer, 'invoke' | 'on' | 'off'>): DesktopBridge {
  const calls = Object.fromEntries(
    desktopCallNames.map((name) => [name, (...args: unknown[]) => ipc.invoke(desktopChannel(name), ...args)]),
  );
  function on<K extends keyof DesktopEvents>(event: K, listener: (value: DesktopEvents[K]) => void): () => void {
    if (!desktopEventNames.includes(event)) throw new Error(`There is no event ${String(event)}.`);
    const forward = (_event: IpcRendererEvent, value: DesktopEvents[K]) => listener(value);
    ipc.on(desktopChannel(event), forward);
    return () => void ipc.off(desktopChannel(event), forward);
  }
  // The names come from the contract, whose type says that they are all calls; main checks each call's arguments.
  return { ...(calls as unknown as DesktopCalls), on };
}
