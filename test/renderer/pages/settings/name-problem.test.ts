import { describe, expect, it } from 'vitest';
import { folderOf } from '../../../../renderer/pages/settings/folder-of.ts';
import { keyNameProblem, secretNameProblem } from '../../../../renderer/pages/settings/name-problem.ts';

describe('keyNameProblem', () => {
  it('refuses names that are taken or that the service would refuse', () => {
    expect(keyNameProblem('old ci', [])).toBeNull();
    expect(keyNameProblem('old ci', ['old ci'])).toMatch(/already/);
    expect(keyNameProblem('a/b', [])).toMatch(/letters, digits/);
  });
});

describe('secretNameProblem', () => {
  it('says which characters can be used', () => {
    expect(secretNameProblem('hub-token')).toBeNull();
    expect(secretNameProblem('hub token')).toMatch(/letters, digits/);
  });
});

describe('folderOf', () => {
  it('knows both kinds of paths', () => {
    expect(folderOf('/var/lib/outpost/site.yaml')).toBe('/var/lib/outpost');
    expect(folderOf('C:\\Data\\Outpost\\site.yaml')).toBe('C:\\Data\\Outpost');
  });
});
