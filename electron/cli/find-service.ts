import { readFileSync } from 'node:fs';
import { dataPaths } from '../base/data-paths.ts';
import { processExists } from '../base/process-exists.ts';
import type { Result } from '../contract/outpost-error.ts';
import { fail, succeed } from '../contract/outpost-error.ts';
import type { ServiceFile } from '../contract/service-location.ts';
import { serviceFileSchema } from '../contract/service-location.ts';

/** A service that runs, or did when its file was written, and what lets us in. */
export interface FoundService extends ServiceFile {
  readonly token: string;
  readonly dataRoot: string;
}

/**
 * Finds the service of a data directory. SERVICE_NOT_RUNNING when it left no file or its process is gone: then nothing
 * is connected to, since the port may be another program's by now, which must not be given the token.
 */
export function findService(dataRoot: string): Result<FoundService> {
  const file = readServiceFile(dataRoot);
  if (!file || !processExists(file.pid)) return serviceNotRunning(dataRoot);
  const paths = dataPaths(dataRoot);
  try {
    return succeed({ ...file, dataRoot, token: readFileSync(paths.token, 'utf8').trim() });
  } catch (error) {
    return fail(
      'CONTROL_UNAUTHORIZED',
      `The service runs (process ${file.pid}), but its token ${paths.token} cannot be read: ${(error as Error).message}.`,
      'Run this command as the user that the service runs as.',
    );
  }
}

/** What the newest service wrote about itself, running or not; null when there is nothing readable. */
export function readServiceFile(dataRoot: string): ServiceFile | null {
  let text: string;
  try {
    text = readFileSync(dataPaths(dataRoot).serviceFile, 'utf8');
  } catch {
    // No service has run here, or the last one ended in order.
    return null;
  }
  try {
    const parsed = serviceFileSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    // Written in one step, so a broken file was broken by hand; the next service writes it anew.
    return null;
  }
}

function serviceNotRunning(dataRoot: string): Result<never> {
  return fail(
    'SERVICE_NOT_RUNNING',
    `No Outpost service runs on the data directory ${dataRoot}.`,
    'Start it with "outpost serve" or by opening the Outpost app; use --data for another data directory.',
  );
}
