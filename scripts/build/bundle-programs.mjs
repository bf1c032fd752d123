import path from 'node:path';
import { rolldown } from 'rolldown';

/** Programs that run on Node 24, each with its entry file. */
export const programs = {
  cli: 'electron/cli/main.ts',
  service: 'electron/service/main.ts',
  runner: 'electron/runner/main.ts',
  gateway: 'electron/gateway/main.ts',
  simulator: 'electron/simulator/main.ts',
  'request-log-writer': 'electron/request-log/writer-worker.ts',
  'request-log-reader': 'electron/request-log/reader-worker.ts',
};

/** Scripts that run inside Electron, whose oldest supported Node is 18. */
export const desktopScripts = {
  main: 'electron/main/main.ts',
  preload: 'electron/preload/main.ts',
};

/** Native modules find their binary beside their own JavaScript, so they stay outside. */
const native = [/^better-sqlite3($|\/)/, /^@lydell\/node-pty/, /\.node$/];

/** Bundles every program into one file each, so that no program reads code after it has started. */
export async function bundlePrograms(root, outDir) {
  const jobs = [
    ...Object.entries(programs).map(([name, entry]) => ({
      entry,
      external: native,
      output: { file: path.join(outDir, `${name}.mjs`), format: 'esm' },
      target: 'node24',
    })),
    ...Object.entries(desktopScripts).map(([name, entry]) => ({
      entry,
      external: [...native, 'electron'],
      output: { file: path.join(outDir, `${name}.cjs`), format: 'cjs' },
      target: 'node18',
    })),
  ];
  for (const job of jobs) await bundleOne(root, job);
}

async function bundleOne(root, { entry, external, output, target }) {
  const bundle = await rolldown({
    input: path.join(root, entry),
    cwd: root,
    platform: 'node',
    external,
    treeshake: { moduleSideEffects: true },
    transform: { target, define: { 'process.env.NODE_ENV': '"production"' } },
    onLog(level, log, next) {
      // Packages import each other in circles; that is theirs to know.
      if (log.code === 'CIRCULAR_DEPENDENCY' || log.code === 'EVAL') return;
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message);
      next(level, log);
    },
  });
  try {
    await bundle.write({ ...output, sourcemap: true, codeSplitting: false, comments: { legal: false } });
  } finally {
    await bundle.close();
  }
}
