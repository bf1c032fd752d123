import { IconLayoutDashboard, IconServer2 } from '@tabler/icons-react';
import { lazy } from 'react';
import type { ComponentType } from 'react';

export interface NavigationEntry {
  readonly label: string;
  readonly icon: ComponentType<{ readonly size?: number; readonly stroke?: number }>;
  /** Letter that goes to the page after "g". */
  readonly key: string;
}

export interface PageRoute {
  /** Pattern as wouter reads it, such as /servers/:name/:tab?. */
  readonly path: string;
  readonly page: ComponentType;
  /** Present for pages that are in the navigation; the path is then without parameters. */
  readonly navigation?: NavigationEntry;
}

const OverviewPage = lazy(async () => ({
  default: (await import('../pages/overview/overview-page.tsx')).OverviewPage,
}));
const ServersPage = lazy(async () => ({ default: (await import('../pages/servers/servers-page.tsx')).ServersPage }));
const ServerPage = lazy(async () => ({ default: (await import('../pages/servers/server-page.tsx')).ServerPage }));
const AddServerPage = lazy(async () => ({
  default: (await import('../pages/servers/add-server-page.tsx')).AddServerPage,
}));

/** Every page, in the order of the navigation; of two patterns that match, the earlier wins. */
export const pageRoutes: readonly PageRoute[] = [
  { path: '/', page: OverviewPage, navigation: { label: 'Overview', icon: IconLayoutDashboard, key: 'o' } },
  { path: '/servers', page: ServersPage, navigation: { label: 'Servers', icon: IconServer2, key: 's' } },
  { path: '/servers/:name/:tab?', page: ServerPage },
  // Not below /servers, where it could be the name of a server.
  { path: '/add-server', page: AddServerPage },
];

export interface NavigationRoute extends PageRoute {
  readonly navigation: NavigationEntry;
}

export const navigationRoutes: readonly NavigationRoute[] = pageRoutes.filter(
  (route): route is NavigationRoute => route.navigation !== undefined,
);
