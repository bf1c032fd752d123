import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const source = path.resolve(import.meta.dirname, '../../electron/base/log-output.ts');

// Linux gives a file that is always full.
it.skipIf(process.platform !== 'linux').each([1, 2] as const)(
  'a log that cannot be written does not end the program (descriptor %i)',
  (descriptor) => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const program = `
      import pino from 'pino';
      const { openLogOutput } = await import(${JSON.stringify(source)});
      const log = pino({}, openLogOutput(${descriptor}));
      for (let line = 0; line < 10_000; line++) log.info('x'.repeat(100));
      process.exitCode = 7;
    `;
    const stdio = [0, 1, 2].map((each) => (each === descriptor ? full : ('pipe' as const)));
    const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { stdio });
    expect(status).toBe(7);
  },
);
