#!/usr/bin/env node
// The `outpost` command of a checkout; run it instead of the installed one. It installs and builds what is missing or
// stale (talking on stderr only) and runs the CLI on Node 24. Needs nothing but git's files and Node 20.
import path from 'node:path';
import { ensureBuilt } from './setup/ensure-built.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { places } from './setup/places.mjs';
import { runAsOurselves } from './setup/run-child.mjs';
import { runScript } from './setup/say.mjs';

await runScript(async () => {
  await ensureInstalled();
  const programs = ensureBuilt();
  // A program finds its siblings by where it is itself; what is left in the environment would lead it elsewhere.
  const { OUTPOST_PROGRAMS: _programs, OUTPOST_NODE: _node, ...env } = process.env;
  return runAsOurselves(places.node24, [path.join(programs, 'cli.mjs'), ...process.argv.slice(2)], { env });
});
