import type { FeatureStatus } from '../../../electron/contract/feature-status.ts';

export interface FeatureGroup {
  readonly group: string;
  readonly features: readonly FeatureStatus[];
}

/** Groups in the order in which GitLab lists them, with the features that match the filter; empty groups are left out. */
export function groupFeatures(features: readonly FeatureStatus[], filter: string): readonly FeatureGroup[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, FeatureStatus[]>();
  for (const feature of features) {
    const text = [feature.feature, feature.title, feature.group, feature.maturity, feature.model, feature.state]
      .join(' ')
      .toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    groups.set(feature.group, [...(groups.get(feature.group) ?? []), feature]);
  }
  return [...groups].map(([group, members]) => ({ group, features: members }));
}
