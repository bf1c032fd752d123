import type { FeatureCatalogue } from '../../electron/contract/feature-status.ts';
import type { FeatureCatalogues } from '../../electron/service/site/parse-site.ts';

const definition = (feature: string) => ({
  feature,
  title: feature,
  group: 'Test',
  maturity: 'GA' as const,
  since: '17.9',
});

export const testCatalogue: FeatureCatalogue = {
  gitlabVersion: '18.9',
  features: ['duo_chat', 'code_completions', 'code_generations'].map(definition),
};

/** GitLab 18.9 with three features, and nothing else. */
export const testCatalogues: FeatureCatalogues = {
  versions: ['18.9'],
  get: (version) => (version === undefined || version === '18.9' ? testCatalogue : null),
};
