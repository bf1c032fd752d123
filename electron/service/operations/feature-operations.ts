import type { ControlOperations } from '../../contract/control-api.ts';
import type { FeatureStatus } from '../../contract/feature-status.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import { featureStatuses } from '../features/feature-status.ts';
import type { RouteTableWriter } from '../gateway/route-table-writer.ts';
import { servedModels } from '../models/served-models.ts';
import { putFeature } from '../site/edit-site.ts';
import { nearestName } from '../site/nearest-name.ts';
import type { FeatureCatalogues } from '../site/parse-site.ts';
import type { SiteKeeper } from '../site/site-keeper.ts';
import type { SiteRuntime } from './site-runtime.ts';

export interface FeatureOperationParts {
  readonly keeper: SiteKeeper;
  readonly runtime: SiteRuntime;
  readonly writer: RouteTableWriter;
  readonly catalogues: FeatureCatalogues;
}

/** Feature settings, and the models they can name. */
export function featureOperations(
  parts: FeatureOperationParts,
): Pick<ControlOperations, 'features' | 'setFeature' | 'models'> {
  const { keeper, runtime, writer, catalogues } = parts;

  const list = (): readonly FeatureStatus[] => {
    const site = runtime.site();
    const catalogue = catalogues.get(site?.gitlab?.version);
    if (!catalogue) return [];
    return featureStatuses(catalogue, site, runtime.actualStates(), runtime.gatewayUrls()[0] ?? null);
  };

  return {
    async features() {
      return list();
    },
    async setFeature({ feature, setting, author }) {
      const known = list().map((status) => status.feature);
      if (!known.includes(feature)) {
        const nearest = nearestName(feature, known);
        return fail(
          'FEATURE_UNKNOWN',
          `There is no feature "${feature}".${nearest ? ` Did you mean "${nearest}"?` : ''}`,
          'List the features: outpost features.',
        );
      }
      const models = servedModels(runtime.site(), new Map()).map(({ model }) => model);
      if (setting !== null && setting !== 'disabled' && !models.includes(setting)) {
        const choices = models.length > 0 ? `Served models: ${models.join(', ')}.` : 'No server serves any model yet.';
        return fail('MODEL_UNKNOWN', `No server serves the model "${setting}".`, choices);
      }
      const value = setting === null || setting === 'disabled' ? setting : { model: setting };
      const saved = keeper.edit(putFeature(feature, value), author, `set ${feature}`);
      if (!saved.ok) return saved;
      const inForce = await writer.putInForce(`The setting of ${feature}`);
      if (!inForce.ok) return inForce;
      const status = list().find((other) => other.feature === feature);
      return status ? succeed(status) : fail('FEATURE_UNKNOWN', `The feature ${feature} has vanished meanwhile.`);
    },
    async models() {
      return servedModels(runtime.site(), runtime.actualStates());
    },
  };
}
