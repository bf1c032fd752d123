import { isAppUrl } from './app-origin.ts';

const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);
const loopbackSchemes: ReadonlySet<string> = new Set(['http:', 'https:', 'ws:', 'wss:']);
/** What Chromium itself makes up, without a network: downloads of the page, images inside styles, developer tools. */
const innerSchemes: ReadonlySet<string> = new Set(['blob:', 'data:', 'devtools:']);

/** Whether the window may ask for this: its own files and this machine, nothing else. */
export function mayBeRequested(url: string): boolean {
  if (isAppUrl(url)) return true;
  const parsed = parseUrl(url);
  if (!parsed) return false;
  return (
    innerSchemes.has(parsed.protocol) || (loopbackSchemes.has(parsed.protocol) && loopbackHosts.has(parsed.hostname))
  );
}

/** As `URL.parse`, which the Node of older Electrons lacks. */
function parseUrl(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    // What is no address is refused, which is all there is to say about it.
    return null;
  }
}
