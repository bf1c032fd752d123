import { Link, useLocation } from 'wouter';
import { selectFirstRunUnderWay, useFirstRun } from '../stores/first-run.ts';
import { valueOf } from '../stores/loadable.ts';
import { selectSite, useSite } from '../stores/site.ts';
import { selectSiteName, selectStatus, useStatus } from '../stores/status.ts';
import { ColorSchemeMenu } from './color-scheme-menu.tsx';
import { ConnectionState } from './connection-state.tsx';
import { navigationRoutes } from './routes.tsx';
import iconUrl from './icon.svg';
import classes from './shell.module.css';

export function Sidebar() {
  const [path] = useLocation();
  const site = useStatus(selectSiteName) || null;
  const connecting = useStatus(selectStatus).state !== 'loaded';
  const exists = valueOf(useSite(selectSite))?.exists ?? true;
  // One way on at a time while the operator is shown how to begin.
  const firstRun = useFirstRun(selectFirstRunUnderWay) || !exists;
  return (
    <header className={classes.sidebar}>
      <div className={classes.brand}>
        <img src={iconUrl} alt="" />
        <div className={classes.brandText}>
          <div className={classes.site} title={site ?? 'Outpost'}>
            {site ?? 'Outpost'}
          </div>
          <div className={classes.product}>{connecting ? 'Connecting' : site === null ? 'No site yet' : 'Outpost'}</div>
        </div>
      </div>
      <nav className={classes.nav} aria-label="Pages">
        <ul>
          {(firstRun ? [] : navigationRoutes).map(({ path: href, navigation: { label, icon: Icon } }) => (
            <li key={href}>
              <Link
                href={href}
                className={classes.link ?? ''}
                title={label}
                {...(isWithin(path, href) ? { 'aria-current': 'page' as const } : {})}
              >
                <Icon size={17} stroke={1.7} />
                <span className={classes.linkLabel}>{label}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className={classes.foot}>
        <ConnectionState />
        <ColorSchemeMenu />
      </div>
    </header>
  );
}

function isWithin(path: string, href: string): boolean {
  if (href === '/') return path === '/';
  return path === href || path.startsWith(`${href}/`) || (href === '/servers' && path === '/add-server');
}
