import path from 'node:path';
import { build } from 'vite';

/** Builds the renderer with the checkout's vite.config.ts. */
export async function bundleRenderer(root, outDir) {
  await build({
    configFile: path.join(root, 'vite.config.ts'),
    logLevel: 'warn',
    mode: 'production',
    build: { outDir: path.join(outDir, 'renderer'), emptyOutDir: true },
  });
}
