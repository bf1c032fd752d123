import type { MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  navigate(page: string): void;
  showDataFolder(): void;
  showAbout(): void;
}

/** Pages of the View menu, in the order of the page's own navigation. */
const pages = [
  { label: '&Overview', page: '/' },
  { label: '&Servers', page: '/servers' },
  { label: '&Features', page: '/features' },
  { label: '&Requests', page: '/requests' },
  { label: '&Playground', page: '/playground' },
  { label: 'Se&ttings', page: '/settings' },
] as const;

/** The application menu. `developing` adds what only someone who works on Outpost needs. */
export function menuTemplate(actions: MenuActions, developing: boolean): MenuItemConstructorOptions[] {
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  return [
    {
      label: '&File',
      submenu: [
        { label: 'Show &Data Folder', accelerator: 'CmdOrCtrl+Shift+D', click: () => actions.showDataFolder() },
        separator,
        // The page asks before it does it.
        { label: '&Stop Everything…', click: () => actions.navigate('/settings?stop=1') },
        separator,
        { label: '&Close Window', role: 'close', accelerator: 'CmdOrCtrl+W' },
        { label: '&Quit', role: 'quit', accelerator: 'CmdOrCtrl+Q' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        separator,
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        ...pages.map(({ label, page }, index): MenuItemConstructorOptions => ({
          label,
          accelerator: `CmdOrCtrl+${index + 1}`,
          click: () => actions.navigate(page),
        })),
        separator,
        { role: 'reload' },
        ...(developing ? [{ role: 'toggleDevTools' } as const] : []),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    { label: '&Window', submenu: [{ role: 'minimize' }, { role: 'zoom' }] },
    { label: '&Help', submenu: [{ label: '&About Outpost', click: () => actions.showAbout() }] },
  ];
}
