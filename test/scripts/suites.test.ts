import path from 'node:path';
import { expect, it } from 'vitest';
import { nodePath } from '../../electron/base/program-files.ts';
import { countTests } from '../../scripts/suites/suites.mjs';
import { spawnCommand } from '../fixtures/spawn-program.ts';

const runSuites = path.resolve(import.meta.dirname, '../../scripts/suites/run-suites.mjs');
const empty = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };

/** Runs suites with these counts in a process of their own, as they print. */
async function run(counts: unknown[]): Promise<{ code: number | null; lastLine: string | undefined }> {
  const script = `
    import { runSuites } from ${JSON.stringify(runSuites)};
    const suites = ${JSON.stringify(counts)}.map((c, i) => ['suite ' + i, () => { if (c === null) throw new Error('broke'); return c; }]);
    process.exitCode = await runSuites(suites);`;
  const program = spawnCommand(nodePath(), ['--input-type=module', '-e', script]);
  const { code } = await program.exited;
  return { code, lastLine: program.stdout().trimEnd().split('\n').at(-1) };
}

it('adds up all suites in the last line, also when one of them fails or breaks', async () => {
  const passed = { passed: 3, failed: 0, skipped: 0 };
  expect(await run([passed, passed])).toEqual({ code: 0, lastLine: '6 passed, 0 failed' });
  expect(await run([{ passed: 2, failed: 1, skipped: 1 }, passed])).toEqual({
    code: 1,
    lastLine: '5 passed, 1 failed, 1 skipped',
  });
  expect(await run([null, passed])).toEqual({ code: 1, lastLine: '3 passed, 1 failed' });
  expect(await run([])).toEqual({ code: 1, lastLine: '0 passed, 0 failed' });
});

it('never counts a run as passed that failed without a failing test', () => {
  const passing = { ...empty, numPassedTests: 2 };
  expect(countTests(passing, 0)).toEqual({ passed: 2, failed: 0, skipped: 0 });
  expect(countTests(passing, 1)).toEqual({ passed: 2, failed: 1, skipped: 0 });
  expect(countTests(empty, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(countTests(null, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  const broken = { ...passing, testResults: [{ status: 'failed', assertionResults: [] }] };
  expect(countTests(broken, 1)).toEqual({ passed: 2, failed: 1, skipped: 0 });
});
