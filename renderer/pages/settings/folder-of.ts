/** The folder of a file, as the service's machine writes paths. */
export function folderOf(path: string): string {
  return path.replace(/[\\/][^\\/]*$/, '') || path;
}
