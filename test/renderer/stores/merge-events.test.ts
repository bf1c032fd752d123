import { describe, expect, it } from 'vitest';
import { mergeEvents } from '../../../renderer/stores/merge-events.ts';
import { fakeEvent } from '../../fakes/fake-site.ts';

describe('mergeEvents', () => {
  it('puts the newest first and keeps an event that comes twice once', () => {
    const first = fakeEvent(1, 'one');
    const second = fakeEvent(2, 'two');
    expect(mergeEvents([first], [second, first]).map(({ id }) => id)).toEqual([2, 1]);
  });

  it('lets the oldest go when there are too many', () => {
    const many = Array.from({ length: 300 }, (_, index) => fakeEvent(index + 1, 'x'));
    const merged = mergeEvents([], many);
    expect(merged).toHaveLength(200);
    expect(merged[0]?.id).toBe(300);
  });
});
