import { describe, expect, it } from 'vitest';
import { buildPlaygroundRequest, draftFromRequest, emptyDraft } from '../../../renderer/stores/playground-draft.ts';
import { fakeRequest } from '../../fakes/fake-site.ts';

const chat = { kind: 'model', name: 'demo-chat' } as const;

describe('buildPlaygroundRequest', () => {
  it('sends the conversation so far, with usage when it streams', () => {
    const draft = { ...emptyDraft, target: chat, system: 'Be brief.', prompt: 'And at night?', temperature: 0 };
    expect(buildPlaygroundRequest(draft, [{ prompt: 'Why blue?', answer: 'Light.' }])).toEqual({
      path: '/v1/chat/completions',
      body: {
        model: 'demo-chat',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Why blue?' },
          { role: 'assistant', content: 'Light.' },
          { role: 'user', content: 'And at night?' },
        ],
        max_tokens: 512,
        temperature: 0,
        stream: true,
        stream_options: { include_usage: true },
      },
    });
  });

  it("leaves out what is not set and uses a feature's own address", () => {
    const target = { kind: 'feature', name: 'duo_chat' } as const;
    const draft = { ...emptyDraft, target, prompt: 'Hi', maxTokens: null, stream: false };
    expect(buildPlaygroundRequest(draft, [])).toEqual({
      path: '/features/duo_chat/v1/chat/completions',
      body: { model: 'duo_chat', messages: [{ role: 'user', content: 'Hi' }], stream: false },
    });
  });
});

describe('draftFromRequest', () => {
  it('takes over what a recorded request asked', () => {
    const body = {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      max_tokens: 9,
    };
    expect(draftFromRequest(fakeRequest(1, { request_body: JSON.stringify(body) }))).toEqual({
      target: chat,
      system: 'Be brief.',
      prompt: 'Hi',
      maxTokens: 9,
      temperature: null,
      stream: false,
    });
  });

  it('asks the feature again when the request came through one', () => {
    expect(draftFromRequest(fakeRequest(1, { feature: 'duo_chat' }))?.target).toEqual({
      kind: 'feature',
      name: 'duo_chat',
    });
  });

  it('has nothing to take over without a readable body', () => {
    expect(draftFromRequest(fakeRequest(1, { request_body: null }))).toBeNull();
    expect(draftFromRequest(fakeRequest(1, { request_body: '{"prompt":[1]}' }))).toBeNull();
  });
});
