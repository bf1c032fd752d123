import type { ModelInfo } from '../../contract/control-api.ts';
import type { Site } from '../../contract/site-schema.ts';

/** Every served model name with its servers and the features assigned to it, in the order of the site file. */
export function servedModels(site: Site | null, actual: ReadonlyMap<string, string>): readonly ModelInfo[] {
  if (!site) return [];
  const names = [...new Set(site.servers.flatMap((server) => server.serves))];
  return names.map((model) => ({
    model,
    servers: site.servers
      .filter((server) => server.serves.includes(model))
      .map((server) => ({
        name: server.name,
        actual: actual.get(server.name) ?? 'stopped',
        simulated: server.engine === 'simulated',
      })),
    features: Object.entries(site.features).flatMap(([feature, setting]) =>
      setting !== 'disabled' && setting.model === model ? [feature] : [],
    ),
  }));
}
