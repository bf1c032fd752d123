import { describe, expect, it } from 'vitest';
import { readConversation } from '../../../renderer/stores/read-conversation.ts';

const read = (body: unknown) => readConversation(JSON.stringify(body));

describe('readConversation', () => {
  it('reads messages with parts, tool calls and settings', () => {
    const conversation = read({
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: {} },
          ],
        },
        { role: 'assistant', content: null, tool_calls: [{ function: { name: 'look', arguments: '{}' } }] },
        { role: 'tool', content: 'A cat.' },
      ],
      tools: [{ type: 'function', function: { name: 'look' } }],
      max_tokens: 64,
      temperature: 0.2,
      stream: true,
    });
    expect(conversation).toMatchObject({ tools: ['look'], maxTokens: 64, temperature: 0.2, stream: true });
    expect(conversation?.messages).toEqual([
      { role: 'system', text: 'Be brief.', toolCalls: [], attachments: [] },
      { role: 'user', text: 'What is this?', toolCalls: [], attachments: ['image'] },
      { role: 'assistant', text: '', toolCalls: [{ name: 'look', arguments: '{}' }], attachments: [] },
      { role: 'tool', text: 'A cat.', toolCalls: [], attachments: [] },
    ]);
  });

  it('takes the system prompt from beside the messages, as Anthropic has it', () => {
    const conversation = read({ system: 'Be brief.', messages: [{ role: 'user', content: 'Hi' }] });
    expect(conversation?.messages.map(({ role, text }) => [role, text])).toEqual([
      ['system', 'Be brief.'],
      ['user', 'Hi'],
    ]);
  });

  it('reads prompts and inputs, one or several', () => {
    expect(read({ prompt: 'def f(' })?.messages).toMatchObject([{ role: 'prompt', text: 'def f(' }]);
    expect(read({ input: ['one', 'two'] })?.messages).toMatchObject([{ text: 'one' }, { text: 'two' }]);
  });

  it('has nothing to read in token ids and in what is no JSON', () => {
    expect(read({ prompt: [1, 2, 3] })).toBeNull();
    expect(readConversation('{broken')).toBeNull();
  });
});
