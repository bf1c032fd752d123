import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FeatureCatalogue } from '../../contract/feature-status.ts';
import type { FeatureCatalogues } from '../site/parse-site.ts';

/** Reads every `features-<version>.json` of a folder. Throws when there is none: each installation carries them. */
export function readCatalogues(folder: string): FeatureCatalogues {
  const all = readdirSync(folder)
    .filter((file) => /^features-\d+\.\d+\.json$/.test(file))
    .map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as FeatureCatalogue)
    .sort((a, b) => compareVersions(b.gitlabVersion, a.gitlabVersion));
  if (all.length === 0) throw new Error(`No feature list in ${folder}: the installation or build is incomplete.`);
  return {
    versions: all.map((catalogue) => catalogue.gitlabVersion),
    get: (version) =>
      (version === undefined ? all[0] : all.find((catalogue) => catalogue.gitlabVersion === version)) ?? null,
  };
}

function compareVersions(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}
