// Run by `npm run dev` on Node 24, with Electron's command line as arguments.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from '../setup/ensure-built.mjs';
import { places } from '../setup/places.mjs';
import { runScript, say } from '../setup/say.mjs';
import { startRendererServer } from './renderer-server.mjs';
import { stopService } from './stop-service.mjs';

/** Editors write a file in several steps, and several files at once. */
const quietMs = 300;

await runScript(async () => {
  const [electron, ...args] = process.argv.slice(2);
  const renderer = await startRendererServer(places.root);
  say(`renderer with hot reload: ${renderer.url}`);
  let programs = process.env.OUTPOST_PROGRAMS;
  let window = null;

  return new Promise((resolve) => {
    function open() {
      const env = { ...process.env, OUTPOST_PROGRAMS: programs, OUTPOST_RENDERER_URL: renderer.url };
      const opened = spawn(electron, args, { cwd: places.root, env, stdio: 'inherit' });
      window = opened;
      opened.once('exit', (code) => {
        // One that was replaced is expected to end.
        if (window === opened) void end(code ?? 1);
      });
    }

    async function end(code) {
      watchers.forEach((watcher) => watcher.close());
      await renderer.close();
      resolve(code);
    }

    async function rebuild() {
      const built = tryToBuild();
      if (built === null || built === programs) return;
      programs = built;
      const former = window;
      window = null;
      const closed = new Promise((done) => former.once('exit', done));
      former.kill();
      await closed;
      await stopService(process.env.OUTPOST_DATA);
      open();
    }

    const watchers = watchSources(rebuild);
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => window?.kill());
    open();
  });
});

function tryToBuild() {
  try {
    return ensureBuilt();
  } catch (error) {
    say(error.message);
    return null;
  }
}

/** Calls `changed` once the sources of programs rest after a change; never twice at a time. */
function watchSources(changed) {
  let timer;
  let running = Promise.resolve();
  const onChange = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(changed);
    }, quietMs);
  };
  return ['electron', 'resources'].map((dir) => watch(path.join(places.root, dir), { recursive: true }, onChange));
}
