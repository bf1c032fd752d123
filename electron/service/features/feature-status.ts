import type { FeatureCatalogue, FeatureStatus } from '../../contract/feature-status.ts';
import type { Site } from '../../contract/site-schema.ts';

/** Actual states by server name, as far as known. */
export type ActualStates = ReadonlyMap<string, string>;

/** All features of a GitLab version with their settings. `gatewayUrl` is the first gateway address, or null. */
export function featureStatuses(
  catalogue: FeatureCatalogue,
  site: Site | null,
  actual: ActualStates,
  gatewayUrl: string | null,
): readonly FeatureStatus[] {
  return catalogue.features.map((definition) => {
    const setting = site?.features[definition.feature];
    const model = setting !== undefined && setting !== 'disabled' ? setting.model : null;
    return {
      feature: definition.feature,
      group: definition.group,
      title: definition.title,
      maturity: definition.maturity,
      since: definition.since,
      model,
      state: setting === undefined ? 'unassigned' : setting === 'disabled' ? 'disabled' : 'assigned',
      endpoint: `${gatewayUrl ?? ''}/features/${definition.feature}/v1`,
      servers: (site?.servers ?? [])
        .filter((server) => model !== null && server.serves.includes(model))
        .map((server) => ({ name: server.name, actual: actual.get(server.name) ?? 'stopped' })),
    };
  });
}
