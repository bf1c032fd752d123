import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../renderer/stores/assemble-answer.ts';

const sse = (...parts: readonly unknown[]) =>
  parts.map((part) => `data: ${typeof part === 'string' ? part : JSON.stringify(part)}\n\n`).join('');

describe('readAnswer', () => {
  it('puts a streamed chat completion together, with reasoning, tool calls and usage', () => {
    const body = sse(
      { choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] },
      { choices: [{ index: 0, delta: { reasoning_content: 'Hm.' } }] },
      { choices: [{ index: 0, delta: { content: 'Because ' } }] },
      { choices: [{ index: 0, delta: { content: 'of light.' } }] },
      { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { name: 'look', arguments: '{"a"' } }] } }] },
      { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] } }] },
      { choices: [{ index: 1, delta: { content: 'another choice' } }] },
      { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
      { choices: [], usage: { prompt_tokens: 7, completion_tokens: 9 } },
      '[DONE]',
    );
    expect(readAnswer(body)).toEqual({
      text: 'Because of light.',
      reasoning: 'Hm.',
      toolCalls: [{ name: 'look', arguments: '{"a":1}' }],
      finishReason: 'tool_calls',
      promptTokens: 7,
      completionTokens: 9,
      error: null,
    });
  });

  it('reads whole chat completions and text completions', () => {
    const chat = { choices: [{ index: 0, message: { content: 'Hello' }, finish_reason: 'stop' }] };
    expect(readAnswer(JSON.stringify(chat))).toMatchObject({ text: 'Hello', finishReason: 'stop' });
    expect(readAnswer(sse({ choices: [{ index: 0, text: 'a' }] }, { choices: [{ index: 0, text: 'b' }] }))?.text).toBe(
      'ab',
    );
  });

  it("reads Anthropic's messages, streamed and whole", () => {
    const body = sse(
      { type: 'message_start', message: { usage: { input_tokens: 5 } } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
      { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', name: 'run' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{}' } },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 3 } },
    );
    const expected = {
      text: 'Hi',
      toolCalls: [{ name: 'run', arguments: '{}' }],
      finishReason: 'tool_use',
      promptTokens: 5,
      completionTokens: 3,
    };
    expect(readAnswer(body)).toMatchObject(expected);
    const whole = {
      type: 'message',
      content: [
        { type: 'text', text: 'Hi' },
        { type: 'tool_use', name: 'run', input: {} },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 5, output_tokens: 3 },
    };
    expect(readAnswer(JSON.stringify(whole))).toMatchObject(expected);
  });

  it('reads the Responses API, streamed and whole', () => {
    const body = sse(
      { type: 'response.output_text.delta', delta: 'Yes' },
      { type: 'response.completed', response: { status: 'completed', usage: { input_tokens: 1, output_tokens: 2 } } },
    );
    expect(readAnswer(body)).toMatchObject({ text: 'Yes', finishReason: 'completed', completionTokens: 2 });
    const whole = {
      object: 'response',
      output: [{ type: 'message', content: [{ type: 'output_text', text: 'Yes' }] }],
    };
    expect(readAnswer(JSON.stringify(whole))?.text).toBe('Yes');
  });

  it('tells an error in the middle of a stream, beside the text before it', () => {
    const body = sse({ choices: [{ index: 0, delta: { content: 'Half' } }] }, { error: { message: 'It broke.' } });
    expect(readAnswer(body)).toMatchObject({ text: 'Half', error: 'It broke.' });
  });

  it('finds nothing to read in embeddings and in what is no JSON', () => {
    expect(readAnswer('{"object":"list","data":[{"embedding":[0.1]}]}')).toBeNull();
    expect(readAnswer('<html>')).toBeNull();
  });
});
