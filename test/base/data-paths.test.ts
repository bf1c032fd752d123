import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { defaultDataRoot, socketPath } from '../../electron/base/data-paths.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';

it('takes the folder for application data from an absolute XDG_DATA_HOME only', () => {
  const usual = path.join(homedir(), '.local', 'share', 'outpost');
  expect(defaultDataRoot({ XDG_DATA_HOME: '/srv/data' }, 'linux')).toBe('/srv/data/outpost');
  for (const ignored of ['', 'data']) expect(defaultDataRoot({ XDG_DATA_HOME: ignored }, 'linux')).toBe(usual);
  expect(defaultDataRoot({}, 'linux')).toBe(usual);
});

it.skipIf(process.platform === 'win32')('knows the address of a socket also when it cannot be written down', () => {
  const root = makeTempDir();
  const env = { XDG_RUNTIME_DIR: makeTempDir() };
  // A file cannot take the place of a folder.
  mkdirSync(path.join(root, 'runtime', 'sockets'), { recursive: true });
  expect(() => socketPath(root, 'service', env)).not.toThrow();
});
