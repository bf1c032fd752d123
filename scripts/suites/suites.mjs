import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { places } from '../setup/places.mjs';

/** Checks of the sources: each passes or fails as a whole. */
export const checks = {
  format: ['prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']],
  lint: ['eslint/bin/eslint.js', ['--max-warnings=0', '.']],
  types: ['typescript/bin/tsc', ['--noEmit', '-p', '.']],
};

/** Runs one of `checks`. Returns `{ passed, failed, skipped }`, all counts. */
export async function runCheck(name) {
  const [script, args] = checks[name];
  const status = await runNode([path.join(places.nodeModules, script), ...args]);
  return status === 0 ? count({ passed: 1 }) : count({ failed: 1 });
}

/** Runs the tests of one of vitest's projects, with `env` added to the environment. Returns counts of tests. */
export async function runTests(project, env = {}) {
  const report = path.join(places.setupCache, `tests-${project}.json`);
  mkdirSync(places.setupCache, { recursive: true });
  rmSync(report, { force: true });
  const status = await runNode(
    [
      path.join(places.nodeModules, 'vitest', 'vitest.mjs'),
      ...['run', `--project=${project}`, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ],
    env,
  );
  return countTests(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null, status);
}

/**
 * Counts what vitest reports. A file that fails outside its tests counts as one failed test, and so does a run that
 * fails without saying where, or that finds no test at all.
 */
export function countTests(report, status) {
  if (report === null) return count({ failed: 1 });
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + brokenFiles.length;
  const skipped = report.numPendingTests + report.numTodoTests;
  const failedSomewhere = failed === 0 && (status !== 0 || passed === 0);
  return count({ passed, failed: failedSomewhere ? 1 : failed, skipped });
}

function count({ passed = 0, failed = 0, skipped = 0 }) {
  return { passed, failed, skipped };
}

function runNode(args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(places.node24, args, {
      cwd: places.root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
