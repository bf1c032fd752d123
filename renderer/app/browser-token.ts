const STORAGE_KEY = 'outpost-token';

/**
 * The token of a page opened in an ordinary browser: from the URL fragment, once (`#token=…`, removed from the address at
 * once so that it stays out of the history), then from this tab's storage. Null when there is none.
 */
export function takeBrowserToken(): string | null {
  const fromFragment = new URLSearchParams(location.hash.slice(1)).get('token');
  if (fromFragment) {
    history.replaceState(history.state, '', location.pathname + location.search);
    keepBrowserToken(fromFragment);
    return fromFragment;
  }
  return sessionStorage.getItem(STORAGE_KEY);
}

export function keepBrowserToken(token: string): void {
  sessionStorage.setItem(STORAGE_KEY, token);
}

export function forgetBrowserToken(): void {
  sessionStorage.removeItem(STORAGE_KEY);
}
