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
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
          ],
        },
        { role: 'assistant', content: null, tool_calls: [{ function: { name: 'look', arguments: '{}' } }] },
        { role: 'tool', tool_call_id: 'call_1', content: 'A cat.' },
      ],
      tools: [{ type: 'function', function: { name: 'look' } }],
      max_tokens: 64,
      temperature: 0.2,
      stream: true,
    });
    expect(conversation).toMatchObject({ tools: ['look'], maxTokens: 64, temperature: 0.2, stream: true });
    expect(conversation?.messages).toMatchObject([
      { role: 'system', text: 'Be brief.', toolCalls: [] },
      {
        role: 'user',
        text: 'What is this?',
        parts: [
          { kind: 'text', text: 'What is this?' },
          { kind: 'image', url: 'data:image/png;base64,AA==' },
        ],
      },
      { role: 'assistant', text: '', toolCalls: [{ name: 'look', arguments: '{}' }], parts: [] },
      { role: 'tool', text: 'A cat.', answersCall: 'call_1' },
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

  it('reads the parts of an Anthropic message in their order', () => {
    const conversation = read({
      messages: [
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'A picture would help.' },
            { type: 'tool_use', id: 'toolu_1', name: 'draw', input: { what: 'sky' } },
          ],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'toolu_1',
              content: [
                { type: 'text', text: 'Here.' },
                { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AA==' } },
              ],
            },
          ],
        },
      ],
    });
    expect(conversation?.messages).toMatchObject([
      {
        parts: [{ kind: 'reasoning', text: 'A picture would help.' }],
        toolCalls: [{ name: 'draw', arguments: '{"what":"sky"}' }],
      },
      {
        answersCall: 'toolu_1',
        parts: [
          { kind: 'text', text: 'Here.' },
          { kind: 'image', url: 'data:image/jpeg;base64,AA==' },
        ],
      },
    ]);
  });

  it('reads the items of the Responses API', () => {
    const conversation = read({
      instructions: 'Be brief.',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Weather?' }] },
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Ask the tool.' }] },
        { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{"at":"here"}' },
        { type: 'function_call_output', call_id: 'c1', output: 'Rain.' },
        { role: 'user', content: [{ type: 'input_file', filename: 'map.pdf' }] },
      ],
    });
    expect(conversation?.messages).toMatchObject([
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'Weather?' },
      { role: 'assistant', parts: [{ kind: 'reasoning', text: 'Ask the tool.' }] },
      { role: 'assistant', toolCalls: [{ name: 'weather', arguments: '{"at":"here"}' }] },
      { role: 'tool', text: 'Rain.', answersCall: 'c1' },
      { role: 'user', parts: [{ kind: 'other', what: 'file', detail: 'map.pdf' }] },
    ]);
  });

  it('reads both sides of a gap to fill, and what is to be ranked', () => {
    expect(read({ prompt: 'def f(', suffix: '  return x' })?.messages).toMatchObject([
      { role: 'prompt', text: 'def f(' },
      { role: 'suffix', text: '  return x' },
    ]);
    expect(read({ query: 'sky', documents: ['blue', 'green'] })?.messages.map(({ role }) => role)).toEqual([
      'query',
      'documents',
      'documents',
    ]);
  });

  it('counts token ids, and has nothing to read in what is no JSON', () => {
    expect(read({ prompt: [1, 2, 3] })?.messages).toMatchObject([
      { role: 'prompt', text: '', parts: [{ kind: 'other', what: 'token ids', detail: '3' }] },
    ]);
    expect(readConversation('{broken')).toBeNull();
  });
});
