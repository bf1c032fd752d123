import { SetupError, say } from '../setup/say.mjs';

/**
 * Runs suites one after the other, all of them even when one fails, and ends with a line that adds them up. Each is
 * `[name, run]` where `run` returns counts; one that cannot run for a reason to act on counts as failed. When `install`
 * fails, there is nothing to run the others with.
 * Returns the exit code: 0 only when something passed and nothing failed.
 */
export async function runSuites(suites) {
  const results = [];
  for (const [name, run] of suites) {
    process.stdout.write(`\n== ${name}\n`);
    const result = await runOne(run);
    results.push({ name, ...result });
    if (name === 'install' && result.failed > 0) break;
  }
  process.stdout.write('\n');
  for (const { name, ...counts } of results) process.stdout.write(`${name.padEnd(12)} ${describe(counts)}\n`);
  const total = { passed: sum(results, 'passed'), failed: sum(results, 'failed'), skipped: sum(results, 'skipped') };
  process.stdout.write(`${describe(total)}\n`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

async function runOne(run) {
  try {
    return await run();
  } catch (error) {
    say(error instanceof SetupError ? error.message : error.stack);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** As in `12 passed, 0 failed, 1 skipped`. */
function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function sum(results, key) {
  return results.reduce((total, result) => total + result[key], 0);
}
