/** A GitLab Duo feature as GitLab's own data describe it (resources/gitlab/features.json). */
export interface FeatureDefinition {
  readonly feature: string;
  readonly title: string;
  readonly group: string;
  readonly maturity: 'GA' | 'BETA' | 'EXPERIMENT';
  /** First GitLab version on self-hosted models, as GitLab's documentation writes it. */
  readonly since: string;
}

export interface FeatureCatalogue {
  /** GitLab version these facts hold for, such as 18.9. */
  readonly gitlabVersion: string;
  readonly features: readonly FeatureDefinition[];
}

/** A feature as `outpost features --json` prints it: a contract with scripts, fields may only be added. */
export interface FeatureStatus {
  readonly feature: string;
  readonly group: string;
  readonly title: string;
  readonly maturity: string;
  readonly since: string;
  readonly model: string | null;
  readonly state: 'assigned' | 'disabled' | 'unassigned';
  /** Endpoint to give to GitLab for this feature, on the first gateway address. */
  readonly endpoint: string;
  /** Servers of the assigned model. */
  readonly servers: readonly { readonly name: string; readonly actual: string }[];
}
