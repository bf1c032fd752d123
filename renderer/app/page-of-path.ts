/** What of an address makes it another page; the rest (a tab, a filter) is a place within it. */
export function pageOfPath(path: string): string {
  return path.split('/').slice(0, 3).join('/');
}
