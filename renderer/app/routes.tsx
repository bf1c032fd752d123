import {
  IconLayoutDashboard,
  IconListSearch,
  IconMessage2Code,
  IconPuzzle,
  IconServer2,
  IconSettings,
} from '@tabler/icons-react';
import { lazy } from 'react';
import type { ComponentType } from 'react';

export interface NavigationEntry {
  readonly label: string;
  readonly icon: ComponentType<{ readonly size?: number; readonly stroke?: number }>;
  /** Letter that goes to the page after "g". */
  readonly key: string;
  /** Where it leads when the path of the page has parameters. */
  readonly href?: string;
}

/** Keys of a page, for the list of shortcuts. */
export interface PageShortcut {
  readonly keys: readonly string[];
  readonly does: string;
}

export interface PageRoute {
  /** Pattern as wouter reads it, such as /servers/:name/:tab?. */
  readonly path: string;
  readonly page: ComponentType;
  /** Present for pages that are in the navigation. */
  readonly navigation?: NavigationEntry;
  /** Keys that work while the page is shown. */
  readonly shortcuts?: readonly PageShortcut[];
}

const OverviewPage = lazy(async () => ({
  default: (await import('../pages/overview/overview-page.tsx')).OverviewPage,
}));
const ServersPage = lazy(async () => ({ default: (await import('../pages/servers/servers-page.tsx')).ServersPage }));
const ServerPage = lazy(async () => ({ default: (await import('../pages/servers/server-page.tsx')).ServerPage }));
const AddServerPage = lazy(async () => ({
  default: (await import('../pages/servers/add-server-page.tsx')).AddServerPage,
}));
const FeaturesPage = lazy(async () => ({
  default: (await import('../pages/features/features-page.tsx')).FeaturesPage,
}));
const RequestsPage = lazy(async () => ({
  default: (await import('../pages/requests/requests-page.tsx')).RequestsPage,
}));
const PlaygroundPage = lazy(async () => ({
  default: (await import('../pages/playground/playground-page.tsx')).PlaygroundPage,
}));
const SettingsPage = lazy(async () => ({
  default: (await import('../pages/settings/settings-page.tsx')).SettingsPage,
}));

/** Every page, in the order of the navigation; of two patterns that match, the earlier wins. */
export const pageRoutes: readonly PageRoute[] = [
  { path: '/', page: OverviewPage, navigation: { label: 'Overview', icon: IconLayoutDashboard, key: 'o' } },
  { path: '/servers', page: ServersPage, navigation: { label: 'Servers', icon: IconServer2, key: 's' } },
  { path: '/servers/:name/:tab?', page: ServerPage },
  // Not below /servers, where it could be the name of a server.
  { path: '/add-server', page: AddServerPage },
  { path: '/features', page: FeaturesPage, navigation: { label: 'Features', icon: IconPuzzle, key: 'f' } },
  {
    path: '/requests/:id?',
    page: RequestsPage,
    navigation: { label: 'Requests', icon: IconListSearch, key: 'r', href: '/requests' },
    shortcuts: [
      { keys: ['j', 'k'], does: 'Next and previous request' },
      { keys: ['Enter'], does: 'Open the request' },
      { keys: ['Esc'], does: 'Close the request' },
      { keys: ['/'], does: 'Go to the search' },
      { keys: ['p'], does: 'Pause and resume' },
      { keys: ['e'], does: 'Export what matches' },
    ],
  },
  { path: '/playground', page: PlaygroundPage, navigation: { label: 'Playground', icon: IconMessage2Code, key: 'p' } },
  {
    path: '/settings/:tab?',
    page: SettingsPage,
    navigation: { label: 'Settings', icon: IconSettings, key: 'e', href: '/settings' },
  },
];

export interface NavigationRoute {
  /** Where it leads. */
  readonly path: string;
  readonly navigation: NavigationEntry;
}

export const navigationRoutes: readonly NavigationRoute[] = pageRoutes.flatMap(({ path, navigation }) =>
  navigation ? [{ path: navigation.href ?? path, navigation }] : [],
);
