import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { watchFile } from '../../../electron/service/site/watch-file.ts';
import { makeTempDir } from '../../fixtures/temp-dir.ts';
import { waitFor } from '../../fixtures/wait-for.ts';

it.skipIf(process.platform === 'win32')('watches on while the system refuses to look at the file', async () => {
  const file = path.join(makeTempDir(), 'site.yaml');
  symlinkSync(file, file);
  let changes = 0;
  onTestFinished(watchFile(file, () => changes++));
  rmSync(file);
  writeFileSync(file, 'version: 1\n');
  await waitFor(() => changes > 0);
  expect(changes).toBeGreaterThan(0);
});
