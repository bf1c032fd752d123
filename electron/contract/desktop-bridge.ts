/** Where the window finds the service, or why it cannot. */
export type ServiceLocation =
  | { readonly state: 'starting' }
  | { readonly state: 'ready'; readonly control: string; readonly token: string }
  | { readonly state: 'lost'; readonly reason: string; readonly action: string };

/** Calls from the window to Electron's main process: only what a browser cannot do. */
export interface DesktopCalls {
  serviceLocation(): Promise<ServiceLocation>;
  /** Starts the service when it is not running; resolves with where it is then. */
  startService(): Promise<ServiceLocation>;
  /** Asks the operator for a folder; null when cancelled. */
  chooseFolder(title: string): Promise<string | null>;
  /** Asks the operator for a file; null when cancelled. */
  chooseFile(title: string): Promise<string | null>;
  /** Shows a folder inside the data directory in the system's file manager. */
  showDataFolder(): Promise<void>;
  copyText(text: string): Promise<void>;
}

/** Events from Electron's main process to the window. */
export interface DesktopEvents {
  serviceLocation: ServiceLocation;
  /** A menu item asked for a page, such as /settings. */
  navigate: string;
}

export const desktopCallNames = [
  'serviceLocation',
  'startService',
  'chooseFolder',
  'chooseFile',
  'showDataFolder',
  'copyText',
] as const satisfies readonly (keyof DesktopCalls)[];

export const desktopEventNames = ['serviceLocation', 'navigate'] as const satisfies readonly (keyof DesktopEvents)[];

/** The one object the preload puts on `window.outpostDesktop`; absent in an ordinary browser. */
export type DesktopBridge = DesktopCalls & {
  on<K extends keyof DesktopEvents>(event: K, listener: (value: DesktopEvents[K]) => void): () => void;
};

/** Channel of a call or an event on Electron's IPC. */
export function desktopChannel(name: string): string {
  return `outpost:${name}`;
}
