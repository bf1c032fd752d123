import type { FeatureChoice } from '../stores/features.ts';
import { setFeatures } from '../stores/features.ts';
import { allowed, notAllowed } from './operator-action.ts';
import type { OperatorAction } from './operator-action.ts';

export interface FeatureAssignment {
  readonly group: string;
  readonly features: readonly string[];
  /** What all of them are to be set to; undefined while nothing is chosen. */
  readonly setting: FeatureChoice | undefined;
}

/** Sets all features of a group to the same model, or disables or unassigns them. */
export const assignFeaturesAction: OperatorAction<FeatureAssignment> = {
  name: 'assign-features',
  label: ({ features }) => `Set all ${features.length}`,
  allowed: ({ setting }) => (setting === undefined ? notAllowed('Choose a model first.') : allowed),
  run: ({ features, setting }) => setFeatures(features, setting ?? null),
  done: ({ features, setting }) => `${features.length} features are ${settingWords(setting)}`,
  confirm: ({ group, features, setting }) => ({
    title: `Set all features of ${group}?`,
    text: `All ${features.length} features of this group will be ${settingWords(setting)}, in place of what is set for each now. It takes effect on the next request and is kept in the history of the site file.`,
    danger: false,
  }),
};

function settingWords(setting: FeatureChoice | undefined): string {
  if (setting === null || setting === undefined) return 'unassigned';
  return setting === 'disabled' ? 'disabled' : `served by ${setting}`;
}
