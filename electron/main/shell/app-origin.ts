/** The window's own origin: a scheme of its own, so that the page has a secure origin without any server. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'outpost';
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/`;

export function isAppUrl(url: string): boolean {
  return url === APP_URL.slice(0, -1) || url.startsWith(APP_URL);
}
