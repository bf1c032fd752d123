import type { BrowserWindow } from 'electron';
import { app, dialog, ipcMain, Menu, net, protocol, screen, session } from 'electron';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../base/clock.ts';
import { dataPaths } from '../base/data-paths.ts';
import { rendererDir } from '../base/program-files.ts';
import { createDesktopCalls, showDataFolder } from './bridge/desktop-calls.ts';
import { handleDesktopCalls, sendDesktopEvent } from './bridge/handle-desktop-calls.ts';
import { readLaunchOptions } from './launch-options.ts';
import { stderrLog } from './log.ts';
import { lookForService } from './service/look-for-service.ts';
import { ServiceLink } from './service/service-link.ts';
import { startService } from './service/start-service.ts';
import { forwardRenderer, registerAppScheme, serveRenderer } from './shell/app-protocol.ts';
import { guardSession, silenceChromium } from './shell/chromium-silence.ts';
import { guardContents } from './shell/guard-contents.ts';
import { menuTemplate } from './shell/menu-template.ts';
import { claimDataDirectory } from './shell/claim-data-directory.ts';
import { createWindow } from './window/create-window.ts';

const log = stderrLog();
const options = readLaunchOptions(process.argv.slice(1), process.env, app.isPackaged);
const paths = dataPaths(options.dataRoot);
let window: BrowserWindow | null = null;

// Electron would open an error box, behind which the window waits; what can go wrong here costs one call at most.
process.on('uncaughtException', (error) => log(`an error in Outpost: ${error.stack ?? error.message}`));

registerAppScheme(protocol);
silenceChromium(app.commandLine);

if (claimDataDirectory(app, paths, (message) => dialog.showErrorBox('Outpost cannot start', message))) {
  const refused = (what: string) => log(`refused: ${what}`);
  const link = new ServiceLink({
    look: () => lookForService(paths),
    start: () => startService(paths, options),
    clock: systemClock,
    onChange(location) {
      if (location.state === 'lost') log(location.reason);
      sendDesktopEvent(window?.webContents ?? null, 'serviceLocation', location);
    },
  });
  const navigate = (page: string) => sendDesktopEvent(window?.webContents ?? null, 'navigate', page);

  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore();
    window?.show();
    window?.focus();
  });
  // Whatever is supervised goes on; see the design.
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', () => link.close());
  guardContents(app, refused);

  void app.whenReady().then(() => {
    guardSession(session.defaultSession, refused);
    if (options.rendererUrl === null) serveRenderer(protocol, rendererDir());
    else forwardRenderer(protocol, net, options.rendererUrl);
    handleDesktopCalls(
      ipcMain,
      createDesktopCalls(link, paths.root, () => window, log),
      () => window?.webContents ?? null,
      log,
    );
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(
        menuTemplate(
          {
            navigate,
            showDataFolder: () => void showDataFolder(paths.root, log),
            showAbout: () => app.showAboutPanel(),
          },
          !app.isPackaged,
        ),
      ),
    );
    window = createWindow({
      screen,
      preload: path.join(path.dirname(fileURLToPath(import.meta.url)), 'preload.cjs'),
      stateFile: path.join(app.getPath('userData'), 'window-state.json'),
      isPackaged: app.isPackaged,
      log,
    });
    window.on('closed', () => {
      window = null;
    });
    void link.open();
  });
}
