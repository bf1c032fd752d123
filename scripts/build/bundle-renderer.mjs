import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { say } from '../setup/say.mjs';

/** Builds the renderer with the checkout's vite.config.ts. */
export async function bundleRenderer(root, outDir) {
  if (!existsSync(path.join(root, 'renderer', 'index.html'))) {
    say('build: renderer/index.html does not exist, left out');
    return;
  }
  // A test runner that builds sets it to something else, and React would be built for development.
  process.env.NODE_ENV = 'production';
  try {
    await build({
      configFile: path.join(root, 'vite.config.ts'),
      logLevel: 'warn',
      mode: 'production',
      build: { outDir: path.join(outDir, 'renderer'), emptyOutDir: true },
    });
  } catch (error) {
    say(`build: the renderer CANNOT BE BUILT, left out: ${error.message}`);
  }
}
