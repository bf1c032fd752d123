import { isDeepStrictEqual } from 'node:util';
import { GATEWAY_NAME } from '../../contract/names.ts';
import type { Site } from '../../contract/site-schema.ts';

/** Names of supervised processes that are new, gone or configured differently, the gateway included. */
export function changedProcesses(before: Site | null, after: Site): readonly string[] {
  const old = entries(before);
  const next = entries(after);
  return [...new Set([...old.keys(), ...next.keys()])].filter(
    (name) => !isDeepStrictEqual(old.get(name), next.get(name)),
  );
}

function entries(site: Site | null): ReadonlyMap<string, unknown> {
  const all = new Map<string, unknown>();
  for (const entry of [...(site?.servers ?? []), ...(site?.processes ?? [])]) all.set(entry.name, entry);
  if (site) all.set(GATEWAY_NAME, site.gateway.listen);
  return all;
}

/** What changed, in a line for the history. */
export function summarizeChange(before: Site | null, after: Site): string {
  if (!before) return `started the site "${after.site.name}"`;
  const parts: string[] = [];
  for (const [list, word] of [
    ['servers', 'server'],
    ['processes', 'process'],
  ] as const) {
    const old = new Map(before[list].map((entry) => [entry.name, entry]));
    const next = new Map(after[list].map((entry) => [entry.name, entry]));
    const added = [...next.keys()].filter((name) => !old.has(name));
    const removed = [...old.keys()].filter((name) => !next.has(name));
    const changed = [...next.keys()].filter(
      (name) => old.has(name) && !isDeepStrictEqual(old.get(name), next.get(name)),
    );
    for (const [verb, names] of [
      ['added', added],
      ['removed', removed],
      ['changed', changed],
    ] as const) {
      if (names.length > 0) parts.push(`${verb} ${word} ${names.join(', ')}`);
    }
  }
  const features = [...new Set([...Object.keys(before.features), ...Object.keys(after.features)])].filter(
    (feature) => !isDeepStrictEqual(before.features[feature], after.features[feature]),
  );
  if (features.length === 1) parts.push(`changed feature ${features[0]}`);
  if (features.length > 1) parts.push(`changed ${features.length} features`);
  if (!isDeepStrictEqual(before.gateway.log, after.gateway.log)) parts.push('changed the request log settings');
  if (!isDeepStrictEqual({ ...before.gateway, log: null }, { ...after.gateway, log: null })) {
    parts.push('changed the gateway');
  }
  if (!isDeepStrictEqual(before.control, after.control)) parts.push('changed the control address');
  if (!isDeepStrictEqual(before.gitlab, after.gitlab)) parts.push('changed the GitLab version');
  if (before.site.name !== after.site.name) parts.push(`renamed the site to "${after.site.name}"`);
  return parts.length > 0 ? parts.join('; ') : 'changed comments or layout only';
}
