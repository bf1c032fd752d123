import path from 'node:path';
import { isAppUrl } from './app-origin.ts';

export type AppPath =
  /** A file that has to exist, absolute. */
  | { readonly kind: 'file'; readonly file: string }
  /** An address inside the page, such as /servers/chat: the page itself finds out what to show. */
  | { readonly kind: 'page'; readonly file: string }
  | { readonly kind: 'refused' };

/** Which file inside `root` (absolute) an app:// address means. Whatever could lead out of that folder is refused. */
export function resolveAppPath(url: string, root: string): AppPath {
  if (!isAppUrl(url)) return { kind: 'refused' };
  let pathname: string;
  try {
    pathname = decodeURIComponent(new URL(url).pathname);
  } catch {
    // Broken escapes are no address of ours.
    return { kind: 'refused' };
  }
  const segments = pathname.split('/').filter((segment) => segment !== '');
  const isSafe = segments.every((segment) => !/[\\\0:]/.test(segment) && segment !== '.' && segment !== '..');
  if (!isSafe) return { kind: 'refused' };
  const file = path.join(root, ...segments);
  if (file !== root && !file.startsWith(root + path.sep)) return { kind: 'refused' };
  const last = segments.at(-1);
  if (last !== undefined && path.extname(last) !== '') return { kind: 'file', file };
  return { kind: 'page', file: path.join(root, 'index.html') };
}
