import { Suspense } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { AsyncView, LineSkeleton } from '../components/async-view.tsx';
import { FirstRunPage } from '../pages/first-run/first-run-page.tsx';
import { NotFoundPage } from '../pages/not-found/not-found-page.tsx';
import { refreshSite, selectSite, useSite } from '../stores/site.ts';
import { selectFirstRunUnderWay, useFirstRun } from '../stores/first-run.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { pageOfPath } from './page-of-path.ts';
import { pageRoutes } from './routes.tsx';

/** The page of the address, or the first run while there is no site yet. */
export function PageSwitch() {
  const [path] = useLocation();
  const site = useSite(selectSite);
  const firstRunUnderWay = useFirstRun(selectFirstRunUnderWay);
  return (
    <ErrorBoundary resetKey={path}>
      <AsyncView data={site} what="the site" onRetry={() => void refreshSite()}>
        {({ exists }) =>
          !exists || firstRunUnderWay ? (
            <FirstRunPage />
          ) : (
            <Suspense fallback={<LineSkeleton lines={5} />} key={pageOfPath(path)}>
              <Switch>
                {pageRoutes.map(({ path: pattern, page: Page }) => (
                  <Route key={pattern} path={pattern}>
                    <Page />
                  </Route>
                ))}
                <Route>
                  <NotFoundPage />
                </Route>
              </Switch>
            </Suspense>
          )
        }
      </AsyncView>
    </ErrorBoundary>
  );
}
