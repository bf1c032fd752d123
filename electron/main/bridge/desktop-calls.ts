import { mkdirSync } from 'node:fs';
import type { BrowserWindow } from 'electron';
import { clipboard, dialog, shell } from 'electron';
import type { DesktopCalls } from '../../contract/desktop-bridge.ts';
import type { Log } from '../log.ts';
import type { ServiceLink } from '../service/service-link.ts';

export function createDesktopCalls(
  link: ServiceLink,
  dataRoot: string,
  window: () => BrowserWindow | null,
  log: Log,
): DesktopCalls {
  async function choose(title: string, property: 'openDirectory' | 'openFile'): Promise<string | null> {
    const options = { title, properties: [property] };
    const owner = window();
    const answer = await (owner ? dialog.showOpenDialog(owner, options) : dialog.showOpenDialog(options));
    return answer.canceled ? null : (answer.filePaths[0] ?? null);
  }
  return {
    serviceLocation: async () => link.location(),
    startService: () => link.start(),
    chooseFolder: (title) => choose(title, 'openDirectory'),
    chooseFile: (title) => choose(title, 'openFile'),
    showDataFolder: () => showDataFolder(dataRoot, log),
    copyText: async (text) => clipboard.writeText(text),
  };
}

/** Opens the data directory in the system's file manager. */
export async function showDataFolder(dataRoot: string, log: Log): Promise<void> {
  mkdirSync(dataRoot, { recursive: true, mode: 0o700 });
  const failure = await shell.openPath(dataRoot);
  if (failure !== '') log(`${dataRoot} cannot be shown: ${failure}`);
}
