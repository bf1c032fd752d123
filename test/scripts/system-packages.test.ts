import path from 'node:path';
import { expect, it } from 'vitest';
import { nodePath } from '../../electron/base/program-files.ts';
import { spawnCommand } from '../fixtures/spawn-program.ts';

const module = path.resolve(import.meta.dirname, '../../scripts/setup/system-packages.mjs');

/** Asks for packages on a machine that is not for automated tests; prints the refusal. */
async function refusal(findLacking: string): Promise<string> {
  const script = `
    import { ensureSystemPackages } from ${JSON.stringify(module)};
    try { ensureSystemPackages(${findLacking}, 'The window'); console.log('fine'); }
    catch (error) { console.log(error.message); }`;
  const program = spawnCommand(nodePath(), ['--input-type=module', '-e', script], { env: { CI: '' } });
  await program.exited;
  return program.stdout();
}

it('says nothing when nothing is lacking', async () => {
  expect(await refusal('() => []')).toBe('fine\n');
});

it.runIf(process.platform === 'linux')('asks for what is lacking with the line to type', async () => {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  const text = await refusal("() => ['xvfb', 'chromium']");
  expect(text).toContain('The window needs packages that are not installed here.');
  expect(text).toContain(
    `  ${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends xvfb chromium\n`,
  );
});
