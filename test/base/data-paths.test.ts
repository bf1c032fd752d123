import { homedir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { defaultDataRoot } from '../../electron/base/data-paths.ts';

it('takes the folder for application data from an absolute XDG_DATA_HOME only', () => {
  const usual = path.join(homedir(), '.local', 'share', 'outpost');
  expect(defaultDataRoot({ XDG_DATA_HOME: '/srv/data' }, 'linux')).toBe('/srv/data/outpost');
  for (const ignored of ['', 'data']) expect(defaultDataRoot({ XDG_DATA_HOME: ignored }, 'linux')).toBe(usual);
  expect(defaultDataRoot({}, 'linux')).toBe(usual);
});
