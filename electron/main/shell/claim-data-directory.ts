import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { App } from 'electron';
import type { DataPaths } from '../../base/data-paths.ts';

/**
 * Makes this the one window of its data directory; false when the app is to end: another window has it, and was told to
 * come to the front, or the directory cannot be used. What Chromium keeps goes into the directory as well, so windows of
 * different directories do not meet.
 */
export function claimDataDirectory(app: App, paths: DataPaths, tell: (message: string) => void): boolean {
  const chromiumDir = path.join(paths.root, 'window');
  try {
    mkdirSync(chromiumDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    tell(
      `The data directory ${paths.root} cannot be used: ${(error as Error).message}. Choose another with OUTPOST_DATA.`,
    );
    app.exit(1);
    return false;
  }
  app.setPath('userData', chromiumDir);
  app.setPath('sessionData', chromiumDir);
  if (app.requestSingleInstanceLock()) return true;
  app.exit(0);
  return false;
}
