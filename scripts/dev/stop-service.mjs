import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { places } from '../setup/places.mjs';
import { identify, processesMentioning } from '../setup/processes.mjs';

/** Ends the service of a data directory, if one runs; what it supervises goes on and is adopted by the next one. */
export async function stopService(dataDir) {
  const file = path.join(dataDir, 'runtime', 'service.json');
  if (!existsSync(file)) return;
  const { pid } = JSON.parse(readFileSync(file, 'utf8'));
  const service = identify(pid);
  // The file may be left from a service that is gone, and its number may be another program's by now.
  if (!processesMentioning([places.dist]).some((found) => found.pid === pid)) return;
  process.kill(pid, 'SIGTERM');
  const deadlineMs = Date.now() + 10_000;
  while (identify(pid) === service && Date.now() < deadlineMs) await sleep(50);
}
