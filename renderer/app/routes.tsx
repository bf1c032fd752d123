import { IconLayoutDashboard } from '@tabler/icons-react';
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
/** Every page, in the order of the navigation; of two patterns that match, the earlier wins. */
export const pageRoutes: readonly PageRoute[] = [
  { path: '/', page: OverviewPage, navigation: { label: 'Overview', icon: IconLayoutDashboard, key: 'o' } },
];

export interface NavigationRoute extends PageRoute {
  readonly navigation: NavigationEntry;
}

export const navigationRoutes: readonly NavigationRoute[] = pageRoutes.filter(
  (route): route is NavigationRoute => route.navigation !== undefined,
);
