import { describe, expect, it } from 'vitest';
import { describeStateChanges } from '../../../renderer/stores/state-changes.ts';
import { fakeProcess } from '../../fakes/fake-site.ts';

describe('describeStateChanges', () => {
  it('says which process changed its state, and why when that is known', () => {
    const before = [fakeProcess('chat', { actual: 'starting' }), fakeProcess('code')];
    const after = [fakeProcess('chat'), fakeProcess('code', { actual: 'failed', reason: 'It ran out of memory.' })];
    expect(describeStateChanges(before, after)).toEqual(['chat is ready', 'code is failed: It ran out of memory.']);
  });

  it('says nothing of processes that are new or unchanged', () => {
    expect(describeStateChanges([fakeProcess('chat')], [fakeProcess('chat'), fakeProcess('code')])).toEqual([]);
  });
});
