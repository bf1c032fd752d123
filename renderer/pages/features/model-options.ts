import type { ServedModel } from '../../stores/models.ts';
import { actualStateWord } from '../../stores/state-words.ts';

export interface ModelOption {
  readonly value: string;
  readonly label: string;
}

/** Value of a select for a feature without a setting; a model cannot be named so. */
export const UNASSIGNED = '';
export const DISABLED = 'disabled';

/** What a feature can be set to, models first; a model that no server serves any more stays visible while it is set. */
export function modelOptions(models: readonly ServedModel[], current: string | null): readonly ModelOption[] {
  const gone = current !== null && !models.some(({ model }) => model === current);
  return [
    ...models.map((served) => ({ value: served.model, label: `${served.model}${stateSuffix(served)}` })),
    ...(gone ? [{ value: current, label: `${current} (no longer served)` }] : []),
    { value: DISABLED, label: 'Disabled' },
    { value: UNASSIGNED, label: 'Unassigned' },
  ];
}

/** Whether any server of the model answers requests. */
export function isServable({ servers }: ServedModel): boolean {
  return servers.some(({ actual }) => actual === 'ready' || actual === 'degraded');
}

function stateSuffix(served: ServedModel): string {
  const first = served.servers[0];
  return isServable(served) || !first ? '' : ` (${actualStateWord(first.actual).toLowerCase()})`;
}
