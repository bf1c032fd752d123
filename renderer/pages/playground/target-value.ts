import type { PlaygroundTarget } from '../../stores/playground-draft.ts';

/** A target as the value of a select. */
export function targetValue(target: PlaygroundTarget | null): string {
  return target === null ? '' : `${target.kind}:${target.name}`;
}

export function targetFromValue(value: string): PlaygroundTarget | null {
  const colon = value.indexOf(':');
  const kind = value.slice(0, colon);
  if (kind !== 'model' && kind !== 'feature') return null;
  return { kind, name: value.slice(colon + 1) };
}
