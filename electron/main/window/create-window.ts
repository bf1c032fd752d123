import path from 'node:path';
import type { Screen } from 'electron';
import { BrowserWindow, nativeTheme } from 'electron';
import type { Log } from '../log.ts';
import { APP_URL } from '../shell/app-origin.ts';
import type { Bounds } from './window-bounds.ts';
import { LEAST_SIZE, placeWindow } from './window-bounds.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

/** The page's own background, so that nothing flashes before it is there (renderer/app/global.css, --op-bg). */
const background = { light: '#f6f7f9', dark: '#0e1115' };
const SAVE_AFTER_MS = 500;
/** A page that crashes again within this time is left as it is. */
const RELOAD_PAUSE_MS = 10_000;
/** A page that takes longer to draw is shown as it is. */
const SHOW_AT_LATEST_MS = 3000;

export interface WindowParts {
  readonly screen: Screen;
  readonly preload: string;
  readonly stateFile: string;
  readonly isPackaged: boolean;
  readonly log: Log;
}

/** Opens the window where it was, begins to load the page and shows the window as soon as it is drawn. */
export function createWindow({ screen, preload, stateFile, isPackaged, log }: WindowParts): BrowserWindow {
  const saved = readWindowState(stateFile);
  const window = new BrowserWindow({
    ...placeWindow(saved?.bounds ?? null, workAreasOf(screen)),
    minWidth: LEAST_SIZE.width,
    minHeight: LEAST_SIZE.height,
    show: false,
    title: 'Outpost',
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload: path.resolve(preload),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      devTools: !isPackaged,
    },
  });
  showOnceDrawn(window, saved?.maximized ?? false);
  keepState(window, stateFile, log);
  reloadAfterCrash(window, log);
  void window.loadURL(APP_URL).catch((error: Error) => log(`the page cannot be loaded: ${error.message}`));
  return window;
}

function showOnceDrawn(window: BrowserWindow, maximized: boolean): void {
  let shown = false;
  const show = () => {
    if (shown || window.isDestroyed()) return;
    shown = true;
    clearTimeout(late);
    if (maximized) window.maximize();
    window.show();
  };
  const late = setTimeout(show, SHOW_AT_LATEST_MS);
  window.once('ready-to-show', show);
  window.once('closed', () => clearTimeout(late));
}

function keepState(window: BrowserWindow, file: string, log: Log): void {
  let timer: NodeJS.Timeout | undefined;
  const save = () => {
    clearTimeout(timer);
    writeWindowState(file, { bounds: window.getNormalBounds(), maximized: window.isMaximized() }, log);
  };
  const saveSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER_MS);
  };
  window.on('resize', saveSoon);
  window.on('move', saveSoon);
  window.on('maximize', saveSoon);
  window.on('unmaximize', saveSoon);
  window.on('close', save);
  window.on('closed', () => clearTimeout(timer));
}

function reloadAfterCrash(window: BrowserWindow, log: Log): void {
  let lastReloadMs = -Infinity;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    log(`the page's process ended: ${reason}, exit code ${exitCode}`);
    if (performance.now() - lastReloadMs < RELOAD_PAUSE_MS) return;
    lastReloadMs = performance.now();
    window.webContents.reload();
  });
}

function workAreasOf(screen: Screen): readonly [Bounds, ...Bounds[]] {
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== main.id);
  return [main.workArea, ...others.map((display) => display.workArea)];
}
