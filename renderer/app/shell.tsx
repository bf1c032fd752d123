import { useEffect, useRef } from 'react';
import type { MouseEvent } from 'react';
import { useLocation } from 'wouter';
import { KeyboardShortcuts } from './keyboard-shortcuts.tsx';
import { PageSwitch } from './page-switch.tsx';
import { ServiceBanner } from './service-banner.tsx';
import { Sidebar } from './sidebar.tsx';
import { pageOfPath } from './page-of-path.ts';
import { useDesktopNavigation } from './use-desktop-navigation.ts';
import classes from './shell.module.css';

/** Navigation at the left, the page at the right. */
export function Shell() {
  const [path] = useLocation();
  const mainRef = useRef<HTMLElement>(null);
  const page = pageOfPath(path);
  const shownPage = useRef(page);
  useDesktopNavigation();

  // Whoever follows a link with the keyboard goes on reading at the new page, not at the link.
  useEffect(() => {
    if (shownPage.current === page) return;
    shownPage.current = page;
    mainRef.current?.focus();
    mainRef.current?.scrollTo(0, 0);
  }, [page]);

  // Not left to the browser: the address of the page stays as it is.
  function skipToMain(event: MouseEvent) {
    event.preventDefault();
    mainRef.current?.focus();
  }

  return (
    <>
      <a className={classes.skip} href="#main" onClick={skipToMain}>
        Skip to the page
      </a>
      <div className={classes.shell}>
        <Sidebar />
        <div className={classes.content}>
          <ServiceBanner />
          <main id="main" ref={mainRef} tabIndex={-1} className={classes.main}>
            <div className={classes.page}>
              <PageSwitch />
            </div>
          </main>
        </div>
      </div>
      <KeyboardShortcuts />
    </>
  );
}
