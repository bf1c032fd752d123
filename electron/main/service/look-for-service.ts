import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { DataPaths } from '../../base/data-paths.ts';
import { processExists } from '../../base/process-exists.ts';
import type { ServiceFile } from '../../contract/service-location.ts';
import type { ServiceSight } from './service-sight.ts';

const ANSWER_WITHIN_MS = 2000;

/**
 * Looks for the service of a data directory. Nothing is connected to unless the process that wrote its address lives:
 * the port may be another program's by now.
 */
export async function lookForService(paths: DataPaths): Promise<ServiceSight> {
  const file = readServiceFile(paths.serviceFile);
  if (!file || !processExists(file.pid)) return { kind: 'absent' };
  const { pid, control } = file;
  if (!(await answers(`${control}/healthz`))) return { kind: 'silent', pid, control };
  try {
    return { kind: 'answering', pid, control, token: readFileSync(paths.token, 'utf8').trim() };
  } catch (error) {
    return { kind: 'closed', pid, reason: `its token ${paths.token} cannot be read (${(error as Error).message}).` };
  }
}

/** Checked by hand: the schema library would be most of the main process' code. */
export function parseServiceFile(text: string): Pick<ServiceFile, 'pid' | 'control'> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Written in one step, so a broken file was broken by hand.
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { pid, control } = value as Record<string, unknown>;
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0) return null;
  if (typeof control !== 'string' || !/^http:\/\/[^/]+$/.test(control)) return null;
  return { pid, control };
}

function readServiceFile(file: string): Pick<ServiceFile, 'pid' | 'control'> | null {
  try {
    return parseServiceFile(readFileSync(file, 'utf8'));
  } catch {
    // No service has run here, or the last one ended in order.
    return null;
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get(url, { timeout: ANSWER_WITHIN_MS, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
    request.on('close', () => resolve(false));
  });
}
