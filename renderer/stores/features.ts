import { create } from 'zustand';
import type { FeatureStatus } from '../../electron/contract/feature-status.ts';
import type { OutpostError, Result } from '../../electron/contract/outpost-error.ts';
import { changeAuthor } from '../app/desktop.ts';
import { announce } from './announcements.ts';
import { changeService, readFromService } from './call-service.ts';
import { afterRead, loading, valueOf } from './loadable.ts';
import type { Loadable } from './loadable.ts';
import { useSite } from './site.ts';

/** How the last change to a feature went. */
export type FeatureSaving =
  | { readonly state: 'saving' }
  | { readonly state: 'in-force' }
  /** Written to the site file; the gateway has not said that it goes by it. */
  | { readonly state: 'not-in-force'; readonly error: OutpostError }
  | { readonly state: 'failed'; readonly error: OutpostError };

/** A served model name, "disabled", or null for unassigned. */
export type FeatureChoice = string | null;

interface FeatureStore {
  readonly features: Loadable<readonly FeatureStatus[]>;
  /** By feature; absent when nothing was changed here lately. */
  readonly saving: Readonly<Record<string, FeatureSaving>>;
}

/** How long "in force" stays beside a feature. */
const CONFIRMED_MS = 6000;

export const useFeatures = create<FeatureStore>()(() => ({ features: loading, saving: {} }));

export const selectFeatures = (store: FeatureStore) => store.features;
export const selectFeatureSaving = (feature: string) => (store: FeatureStore) => store.saving[feature] ?? null;
export const selectAnySaving = (store: FeatureStore) =>
  Object.values(store.saving).some(({ state }) => state === 'saving');

export async function refreshFeatures(): Promise<void> {
  const result = await readFromService('read the features', (api, options) =>
    api.features.list.query(undefined, options),
  );
  useFeatures.setState((store) => ({ features: afterRead(store.features, result) }));
}

/** Reads the features now and again whenever the site file was changed, by whomever. */
export function followFeatures(): () => void {
  void refreshFeatures();
  return useSite.subscribe((now, before) => {
    if (valueOf(now.site)?.file.revision !== valueOf(before.site)?.file.revision) void refreshFeatures();
  });
}

/** Saves what serves a feature; the outcome is also kept beside the feature. */
export async function setFeature(feature: string, setting: FeatureChoice): Promise<Result<FeatureStatus>> {
  mark(feature, { state: 'saving' });
  const result = await changeService(`set ${feature}`, (api, options) =>
    api.features.set.mutate({ feature, setting, author: changeAuthor() }, options),
  );
  const saving = savingAfter(result);
  mark(feature, saving);
  if (result.ok) replace(result.value);
  else await refreshFeatures();
  // What went wrong is read out by the notice beside the feature.
  if (saving.state === 'in-force') {
    announce(`${feature} is saved and in force`);
    setTimeout(() => unmark(feature, saving), CONFIRMED_MS);
  }
  return result;
}

/** Saves the same for several features, one after the other; stops at the first that cannot be saved. */
export async function setFeatures(features: readonly string[], setting: FeatureChoice): Promise<Result<number>> {
  let saved = 0;
  for (const feature of features) {
    const result = await setFeature(feature, setting);
    if (!result.ok && result.error.code !== 'SAVED_NOT_IN_FORCE') {
      const message = `${saved} of ${features.length} features were saved. ${feature} was not: ${result.error.message}`;
      return { ok: false, error: { ...result.error, message } };
    }
    saved += 1;
  }
  return { ok: true, value: saved };
}

export function savingAfter(result: Result<unknown>): FeatureSaving {
  if (result.ok) return { state: 'in-force' };
  const state = result.error.code === 'SAVED_NOT_IN_FORCE' ? 'not-in-force' : 'failed';
  return { state, error: result.error };
}

function mark(feature: string, saving: FeatureSaving): void {
  useFeatures.setState((store) => ({ saving: { ...store.saving, [feature]: saving } }));
}

function unmark(feature: string, expected: FeatureSaving): void {
  useFeatures.setState((store) => {
    if (store.saving[feature] !== expected) return store;
    const { [feature]: _done, ...saving } = store.saving;
    return { saving };
  });
}

function replace(changed: FeatureStatus): void {
  useFeatures.setState(({ features }) =>
    features.state === 'loaded'
      ? {
          features: {
            ...features,
            value: features.value.map((one) => (one.feature === changed.feature ? changed : one)),
          },
        }
      : {},
  );
}
