import type { Site } from '../../contract/site-schema.ts';

/** Where a site refers to a secret. */
export interface SecretReference {
  readonly secret: string;
  /** Path in the site file, such as servers[0].env.HF_TOKEN. */
  readonly path: string;
}

export function secretReferences(site: Site | null): readonly SecretReference[] {
  if (!site) return [];
  return (['servers', 'processes'] as const).flatMap((list) =>
    site[list].flatMap((entry, index) =>
      Object.entries(entry.env ?? {}).flatMap(([variable, value]) =>
        typeof value === 'object' ? [{ secret: value.secret, path: `${list}[${index}].env.${variable}` }] : [],
      ),
    ),
  );
}
