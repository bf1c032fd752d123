import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** Builds what is stale, and tells the tests (and what they start) where the programs and Node 24 are. */
export function setup(): void {
  const buildScript = path.resolve(import.meta.dirname, '..', 'scripts', 'build.mjs');
  process.env.OUTPOST_PROGRAMS = execFileSync(process.execPath, [buildScript], {
    encoding: 'utf8',
    env: { ...process.env, OUTPOST_BUILD_USER: String(process.pid) },
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
  process.env.OUTPOST_NODE = process.execPath;
}
