import { valueOf } from '../../stores/loadable.ts';
import { selectFeatures, useFeatures } from '../../stores/features.ts';
import { useServedModels } from '../../stores/models.ts';
import type { ServedModel } from '../../stores/models.ts';
import type { PlaygroundTarget } from '../../stores/playground-draft.ts';

export interface TargetState {
  /** The model that would answer, or null when none is set or known. */
  readonly served: ServedModel | null;
  /** Why an answer is not to be expected, in words, or null. */
  readonly warning: string | null;
}

/** Who would answer now, and what is to be expected. */
export function useTargetState(target: PlaygroundTarget | null): TargetState {
  const models = useServedModels();
  const features = valueOf(useFeatures(selectFeatures));
  if (target === null) return { served: null, warning: null };
  const feature = target.kind === 'feature' ? features?.find((one) => one.feature === target.name) : undefined;
  if (target.kind === 'feature') {
    if (feature?.state === 'disabled')
      return { served: null, warning: 'This feature is disabled; it will be refused.' };
    if (feature?.state === 'unassigned') return { served: null, warning: 'No model is assigned to this feature.' };
  }
  const model = target.kind === 'model' ? target.name : feature?.model;
  if (model === undefined || model === null) return { served: null, warning: null };
  const served = models.find((one) => one.model === model) ?? null;
  if (!served) return { served, warning: `No server serves ${model}.` };
  const answers = served.servers.some(({ actual }) => actual === 'ready' || actual === 'degraded');
  const [first] = served.servers;
  if (answers || !first) return { served, warning: null };
  return { served, warning: `Requests fail until ${first.name} is ready.` };
}
