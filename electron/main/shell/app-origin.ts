import { WINDOW_ORIGIN } from '../../contract/window-origin.ts';

export const APP_URL = `${WINDOW_ORIGIN}/`;

export function isAppUrl(url: string): boolean {
  return url === WINDOW_ORIGIN || url.startsWith(APP_URL);
}
