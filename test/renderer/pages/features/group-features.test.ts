import { describe, expect, it } from 'vitest';
import { groupFeatures } from '../../../../renderer/pages/features/group-features.ts';
import { allFakeFeatures } from '../../../fakes/fake-site.ts';

describe('groupFeatures', () => {
  const features = allFakeFeatures({ duo_chat: { model: 'demo-chat', state: 'assigned' } });

  it('keeps all features, in the groups and the order of GitLab', () => {
    const groups = groupFeatures(features, '');
    expect(groups.flatMap((group) => group.features)).toHaveLength(21);
    expect(groups[0]).toMatchObject({ group: 'Code Suggestions' });
    expect(groups[0]?.features.map(({ feature }) => feature)).toEqual(['code_generations', 'code_completions']);
  });

  it('needs every word of the filter, in the name, group, model or state', () => {
    const names = (filter: string) =>
      groupFeatures(features, filter).flatMap((group) => group.features.map(({ feature }) => feature));
    expect(names('demo-chat')).toEqual(['duo_chat']);
    expect(names('  Completion  code ')).toEqual(['code_completions']);
    expect(names('assigned demo-chat general')).toEqual(['duo_chat']);
    expect(names('no such thing')).toEqual([]);
  });
});
