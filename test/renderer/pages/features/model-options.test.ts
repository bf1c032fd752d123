import { describe, expect, it } from 'vitest';
import { isServable, modelOptions } from '../../../../renderer/pages/features/model-options.ts';
import { servedModels } from '../../../../renderer/stores/models.ts';
import { fakeGateway, fakeProcess } from '../../../fakes/fake-site.ts';

const models = servedModels([
  fakeGateway(),
  fakeProcess('a', { serves: ['chat', 'embed'] }),
  fakeProcess('b', { serves: ['chat'], actual: 'failed', simulated: false }),
  fakeProcess('c', { serves: ['code'], actual: 'starting' }),
]);

describe('servedModels', () => {
  it('lists a model of several servers once and calls it simulated only when all of them are', () => {
    expect(models.map(({ model, servers, simulated }) => [model, servers.length, simulated])).toEqual([
      ['chat', 2, false],
      ['embed', 1, true],
      ['code', 1, true],
    ]);
  });
});

describe('isServable', () => {
  it('needs one server that answers', () => {
    expect(models.map(isServable)).toEqual([true, true, false]);
  });
});

describe('modelOptions', () => {
  it('offers the models with the state of those that do not answer, then Disabled and Unassigned', () => {
    expect(modelOptions(models, 'chat').map(({ label }) => label)).toEqual([
      'chat',
      'embed',
      'code (starting)',
      'Disabled',
      'Unassigned',
    ]);
  });

  it('keeps a model that is set and no longer served in sight', () => {
    expect(modelOptions(models, 'old')).toContainEqual({ value: 'old', label: 'old (no longer served)' });
  });
});
