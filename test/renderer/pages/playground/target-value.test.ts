import { describe, expect, it } from 'vitest';
import { targetFromValue, targetValue } from '../../../../renderer/pages/playground/target-value.ts';

describe('a target as a value', () => {
  it('comes back as it went in, also with colons in the name', () => {
    for (const target of [
      { kind: 'model', name: 'org/model:7b' } as const,
      { kind: 'feature', name: 'duo_chat' } as const,
    ]) {
      expect(targetFromValue(targetValue(target))).toEqual(target);
    }
    expect(targetFromValue(targetValue(null))).toBeNull();
  });
});
