/**
 * What of an address makes it another page; the rest (a tab, a filter, the request that is open beside the list) is a
 * place within it. Only a server's name makes a page of its own.
 */
export function pageOfPath(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('/servers/') ? 3 : 2)
    .join('/');
}
