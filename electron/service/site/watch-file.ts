import { statSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import path from 'node:path';

/** Editors write in several steps (truncate, write, rename); this long after the last one the file is read. */
const SETTLE_MS = 150;
/** Some file systems (network, some containers) never notify; this often the file is looked at all the same. */
const POLL_MS = 5000;

/**
 * Calls back some time after a file's content may have changed, been replaced, made or removed. Watches the folder, since
 * editors replace files. Returns the way to stop.
 */
export function watchFile(file: string, onChange: () => void): () => void {
  let settling: NodeJS.Timeout | null = null;
  let seen = stamp(file);
  let watcher: FSWatcher | null = null;

  const changed = () => {
    if (settling) clearTimeout(settling);
    settling = setTimeout(() => {
      settling = null;
      seen = stamp(file);
      onChange();
    }, SETTLE_MS);
  };
  const open = () => {
    try {
      watcher = watch(path.dirname(file), { persistent: false }, (_kind, name) => {
        if (name === null || name === path.basename(file)) changed();
      });
      watcher.on('error', () => {
        // The folder vanished or watching is not supported there: the poll below goes on.
        watcher?.close();
        watcher = null;
      });
    } catch {
      // The folder is not there, or the system has no watches left: the poll below does the work.
      watcher = null;
    }
  };
  open();
  const poll = setInterval(() => {
    if (!watcher) open();
    if (stamp(file) !== seen) changed();
  }, POLL_MS);
  poll.unref();
  return () => {
    if (settling) clearTimeout(settling);
    clearInterval(poll);
    watcher?.close();
  };
}

function stamp(file: string): string {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats ? `${stats.ino}:${stats.size}:${stats.mtimeMs}` : 'none';
  } catch (error) {
    // A folder that may not be entered, a network drive that is away: that it is so is a state like any other.
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}
