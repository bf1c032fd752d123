import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseEvents, readEvents } from './read-events.ts';
import type { StreamEvent } from './read-events.ts';
import type { Shape } from './shape.ts';
import { shapeOf } from './shape.ts';
import type { RunningSimulator } from './start-simulator.ts';
import { postJson, readAnswer, startSimulator } from './start-simulator.ts';

let simulator: RunningSimulator;
let url: string;

beforeAll(async () => {
  simulator = await startSimulator(['--max-model-len', '200', '--model', '/weights/demo'], { keepAfterTest: true });
  url = simulator.url;
});
afterAll(async () => {
  await simulator.program.stop();
});

const hello = { messages: [{ role: 'user', content: 'Hello there' }] };
const wholeUsage: Shape = {
  prompt_tokens: 'number',
  total_tokens: 'number',
  completion_tokens: 'number',
  prompt_tokens_details: 'null',
  completion_tokens_details: 'null',
};
const streamedUsage: Shape = { prompt_tokens: 'number', total_tokens: 'number', completion_tokens: 'number' };
const chunkHead: Shape = { id: 'string', object: 'string', created: 'number', model: 'string' };
const tool = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer' } },
      required: ['city', 'days'],
    },
  },
};

function textOf(events: readonly StreamEvent[]): string {
  return events.map((event) => event.choices[0]?.delta?.content ?? event.choices[0]?.text ?? '').join('');
}

describe('small routes', () => {
  it('answer like vLLM and say that they are simulated', async () => {
    const health = await fetch(`${url}/health`);
    expect([health.status, await health.text(), health.headers.get('x-outpost-simulated')]).toEqual([200, '', 'true']);
    expect(await readAnswer(await fetch(`${url}/version`))).toEqual({ version: '0.28.0', simulated: true });
    expect(await readAnswer(await fetch(`${url}/load`))).toEqual({ server_load: 0 });
    for (const method of ['GET', 'POST']) expect((await fetch(`${url}/ping`, { method })).status).toBe(200);
  });

  it('list the models', async () => {
    const answer = await readAnswer(await fetch(`${url}/v1/models`));
    expect(shapeOf(answer)).toEqual({
      object: 'string',
      data: [
        {
          id: 'string',
          object: 'string',
          created: 'number',
          owned_by: 'string',
          root: 'string',
          parent: 'null',
          max_model_len: 'number',
          permission: [
            {
              id: 'string',
              object: 'string',
              created: 'number',
              allow_create_engine: 'boolean',
              allow_sampling: 'boolean',
              allow_logprobs: 'boolean',
              allow_search_indices: 'boolean',
              allow_view: 'boolean',
              allow_fine_tuning: 'boolean',
              organization: 'string',
              group: 'null',
              is_blocking: 'boolean',
            },
          ],
        },
      ],
    });
    expect(answer.data[0]).toMatchObject({
      id: 'demo-chat',
      owned_by: 'vllm',
      root: '/weights/demo',
      max_model_len: 200,
    });
    expect(answer.data[0].permission[0].id).toMatch(/^modelperm-/);
  });

  it('tokenize texts and chats, and give texts back', async () => {
    const answer = await readAnswer(
      await postJson(`${url}/tokenize`, { model: 'demo-chat', prompt: 'Grüße from the 2nd row' }),
    );
    expect(shapeOf(answer)).toEqual({
      count: 'number',
      max_model_len: 'number',
      tokens: ['number'],
      token_strs: 'null',
    });
    expect(answer.count).toBe(answer.tokens.length);
    expect(await readAnswer(await postJson(`${url}/detokenize`, { tokens: answer.tokens }))).toEqual({
      prompt: 'Grüße from the 2nd row',
    });
    const strings = await readAnswer(await postJson(`${url}/tokenize`, { prompt: 'the cat', return_token_strs: true }));
    expect(strings.token_strs).toEqual(['the', ' cat']);
    const bare = await readAnswer(await postJson(`${url}/tokenize`, { ...hello, add_generation_prompt: false }));
    const open = await readAnswer(await postJson(`${url}/tokenize`, hello));
    expect(open.count - bare.count).toBe(2);
  });
});

describe('whole answers', () => {
  it('of chats have every field, nulls included', async () => {
    const answer = await readAnswer(await postJson(`${url}/v1/chat/completions`, { model: 'demo-chat', ...hello }));
    expect(shapeOf(answer)).toEqual({
      ...chunkHead,
      choices: [
        {
          index: 'number',
          message: {
            role: 'string',
            content: 'string',
            refusal: 'null',
            annotations: 'null',
            audio: 'null',
            function_call: 'null',
            tool_calls: [],
            reasoning: 'null',
          },
          logprobs: 'null',
          finish_reason: 'string',
          stop_reason: 'null',
          token_ids: 'null',
          routed_experts: 'null',
        },
      ],
      service_tier: 'null',
      system_fingerprint: 'string',
      usage: wholeUsage,
      prompt_logprobs: 'null',
      prompt_token_ids: 'null',
      prompt_text: 'null',
      kv_transfer_params: 'null',
      ec_transfer_params: 'null',
      metrics: 'null',
    });
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model: 'demo-chat',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant' } }],
    });
    expect(answer.id).toMatch(/^chatcmpl-/);
    expect(answer.system_fingerprint).toMatch(/^vllm-0\.28\.0-tp1-[0-9a-f]{8}$/);
    expect(Math.abs(answer.created - Date.now() / 1000)).toBeLessThan(60);
    expect(answer.usage.total_tokens).toBe(answer.usage.prompt_tokens + answer.usage.completion_tokens);
  });

  it('of completions have every field, with 16 tokens unless asked otherwise', async () => {
    const answer = await readAnswer(await postJson(`${url}/v1/completions`, { prompt: 'Once upon a time' }));
    expect(shapeOf(answer)).toEqual({
      ...chunkHead,
      choices: [
        {
          index: 'number',
          text: 'string',
          logprobs: 'null',
          finish_reason: 'string',
          stop_reason: 'null',
          token_ids: 'null',
          prompt_logprobs: 'null',
          prompt_token_ids: 'null',
          routed_experts: 'null',
        },
      ],
      service_tier: 'null',
      system_fingerprint: 'string',
      usage: wholeUsage,
      kv_transfer_params: 'null',
      ec_transfer_params: 'null',
      metrics: 'null',
    });
    expect(answer).toMatchObject({
      object: 'text_completion',
      choices: [{ finish_reason: 'length' }],
      usage: { completion_tokens: 16 },
    });
    expect(answer.id).toMatch(/^cmpl-/);
  });

  it('of embeddings are unit vectors, as floats or base64, of any size up to the model’s', async () => {
    const answer = await readAnswer(
      await postJson(`${url}/v1/embeddings`, { model: 'demo-chat', input: ['one text', 'another'] }),
    );
    expect(shapeOf(answer)).toEqual({
      ...chunkHead,
      data: [{ index: 'number', object: 'string', embedding: ['number'] }],
      usage: wholeUsage,
    });
    expect(answer.id).toMatch(/^embd-/);
    expect(answer.data.map((item: { index: number }) => item.index)).toEqual([0, 1]);
    expect(answer.usage.completion_tokens).toBe(0);
    const [vector] = answer.data.map((item: { embedding: number[] }) => item.embedding);
    expect(vector).toHaveLength(384);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);

    const encoded = await readAnswer(
      await postJson(`${url}/v1/embeddings`, { input: 'one text', encoding_format: 'base64' }),
    );
    const bytes = Buffer.from(encoded.data[0].embedding, 'base64');
    expect(Array.from({ length: 384 }, (_, index) => bytes.readFloatLE(index * 4))).toEqual(vector);
    const short = await readAnswer(await postJson(`${url}/v1/embeddings`, { input: 'one text', dimensions: 8 }));
    expect(short.data[0].embedding).toHaveLength(8);
    const tokens = (await readAnswer(await postJson(`${url}/tokenize`, { prompt: 'one text' }))).tokens;
    const ofTokens = await readAnswer(await postJson(`${url}/v1/embeddings`, { input: tokens }));
    expect(ofTokens.data[0].embedding).toEqual(vector);
  });
});

describe('streams', () => {
  it('of chats consist of a role chunk, text chunks, a finish chunk and, when asked for, usage', async () => {
    const response = await postJson(`${url}/v1/chat/completions`, {
      ...hello,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = await readEvents(response);
    const [role, ...rest] = events;
    const usage = rest.pop();
    const finish = rest.pop();
    expect(shapeOf(role)).toEqual({
      ...chunkHead,
      choices: [
        { index: 'number', delta: { role: 'string', content: 'string' }, logprobs: 'null', finish_reason: 'null' },
      ],
    });
    expect(role).toMatchObject({
      object: 'chat.completion.chunk',
      choices: [{ delta: { role: 'assistant', content: '' } }],
    });
    expect(shapeOf(rest)).toEqual([
      {
        ...chunkHead,
        choices: [
          { index: 'number', delta: { content: 'string' }, logprobs: 'null', finish_reason: 'null', token_ids: 'null' },
        ],
      },
    ]);
    expect(shapeOf(finish)).toEqual({
      ...chunkHead,
      choices: [
        {
          index: 'number',
          delta: { content: 'string' },
          logprobs: 'null',
          finish_reason: 'string',
          stop_reason: 'null',
          token_ids: 'null',
        },
      ],
      system_fingerprint: 'string',
    });
    expect(finish.choices[0]).toMatchObject({ delta: { content: '' }, finish_reason: 'stop' });
    expect(shapeOf(usage)).toEqual({ ...chunkHead, choices: [], usage: streamedUsage, system_fingerprint: 'string' });
    expect(new Set(events.map((event) => `${event.id} ${event.created} ${event.model}`)).size).toBe(1);
  });

  it('end with the last text when the length is reached', async () => {
    const events = await readEvents(
      await postJson(`${url}/v1/chat/completions`, { ...hello, stream: true, max_completion_tokens: 3 }),
    );
    expect(events).toHaveLength(4);
    expect(events.at(-1).choices[0]).toMatchObject({ finish_reason: 'length', stop_reason: null });
    expect(events.at(-1).choices[0].delta.content).not.toBe('');
  });

  it('of completions have their own object and choices', async () => {
    const body = { prompt: 'Once', stream: true, max_tokens: 4, stream_options: { include_usage: true } };
    const events = await readEvents(await postJson(`${url}/v1/completions`, body));
    const usage = events.pop();
    const finish = events.pop();
    const choice = {
      index: 'number',
      text: 'string',
      logprobs: 'null',
      stop_reason: 'null',
      prompt_token_ids: 'null',
      token_ids: 'null',
    };
    expect(shapeOf(events)).toEqual([{ ...chunkHead, choices: [{ ...choice, finish_reason: 'null' }] }]);
    expect(shapeOf(finish)).toEqual({
      ...chunkHead,
      choices: [{ ...choice, finish_reason: 'string' }],
      system_fingerprint: 'string',
    });
    expect(finish).toMatchObject({ object: 'text_completion', choices: [{ finish_reason: 'length' }] });
    expect(shapeOf(usage)).toEqual({ ...chunkHead, choices: [], usage: streamedUsage, system_fingerprint: 'string' });
    expect(usage.usage.completion_tokens).toBe(4);
  });

  it('carry running usage on every chunk when asked to', async () => {
    const body = {
      ...hello,
      stream: true,
      max_tokens: 5,
      stream_options: { include_usage: true, continuous_usage_stats: true },
    };
    const events = await readEvents(await postJson(`${url}/v1/chat/completions`, body));
    expect(shapeOf(events.map((event) => event.usage))).toEqual([streamedUsage]);
    const counts = events.map((event) => event.usage.completion_tokens);
    expect(counts[0]).toBe(0);
    expect(counts.at(-1)).toBe(5);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  });

  it('interleave their choices, each with its own role and finish', async () => {
    const events = await readEvents(
      await postJson(`${url}/v1/chat/completions`, { ...hello, stream: true, n: 3, max_tokens: 6 }),
    );
    for (const index of [0, 1, 2]) {
      const own = events.filter((event) => event.choices[0].index === index);
      expect(own[0].choices[0].delta).toEqual({ role: 'assistant', content: '' });
      expect(own.at(-1).choices[0].finish_reason).toBe('length');
    }
    const texts = [0, 1, 2].map((index) => textOf(events.filter((event) => event.choices[0].index === index)));
    expect(new Set(texts).size).toBe(3);
  });
});

describe('the same request', () => {
  it('gets the same text and counts, streamed or not, and /tokenize agrees', async () => {
    const whole = await readAnswer(await postJson(`${url}/v1/chat/completions`, hello));
    const again = await readAnswer(await postJson(`${url}/v1/chat/completions`, hello));
    const text = whole.choices[0].message.content;
    expect(again.choices[0].message.content).toBe(text);
    const events = await readEvents(
      await postJson(`${url}/v1/chat/completions`, { ...hello, stream: true, stream_options: { include_usage: true } }),
    );
    expect(textOf(events.slice(0, -1))).toBe(text);
    expect(events.at(-1).usage).toEqual({
      prompt_tokens: whole.usage.prompt_tokens,
      total_tokens: whole.usage.total_tokens,
      completion_tokens: whole.usage.completion_tokens,
    });
    expect((await readAnswer(await postJson(`${url}/tokenize`, { prompt: text }))).count).toBe(
      whole.usage.completion_tokens,
    );
    expect((await readAnswer(await postJson(`${url}/tokenize`, hello))).count).toBe(whole.usage.prompt_tokens);
  });

  it('differs by seed, prompt and choice', async () => {
    const bodies = [hello, { ...hello, seed: 7 }, { messages: [{ role: 'user', content: 'Hello then' }] }];
    const texts = await Promise.all(
      bodies.map(
        async (body) =>
          (await readAnswer(await postJson(`${url}/v1/chat/completions`, body))).choices[0].message.content,
      ),
    );
    expect(new Set(texts).size).toBe(3);
  });
});

describe('request parameters', () => {
  it('stop at stop strings and name the one that was found', async () => {
    const whole = (await readAnswer(await postJson(`${url}/v1/chat/completions`, hello))).choices[0].message.content;
    const stop = whole.split(' ')[4];
    for (const value of [stop, ['never to be seen', stop]]) {
      const answer = await readAnswer(await postJson(`${url}/v1/chat/completions`, { ...hello, stop: value }));
      expect(answer.choices[0]).toMatchObject({
        finish_reason: 'stop',
        stop_reason: stop,
        message: { content: whole.slice(0, whole.indexOf(stop)) },
      });
    }
    const events = await readEvents(await postJson(`${url}/v1/chat/completions`, { ...hello, stop, stream: true }));
    expect(textOf(events)).toBe(whole.slice(0, whole.indexOf(stop)));
    expect(events.at(-1).choices[0]).toMatchObject({ finish_reason: 'stop', stop_reason: stop });
  });

  it('fill the rest of the context with ignore_eos', async () => {
    const answer = await readAnswer(await postJson(`${url}/v1/chat/completions`, { ...hello, ignore_eos: true }));
    expect(answer.usage.total_tokens).toBe(200);
    expect(answer.choices[0].finish_reason).toBe('length');
  });

  it('repeat the prompt with echo, and number the choices of several prompts', async () => {
    const body = { prompt: ['One sun', 'Two moons'], n: 2, echo: true, max_tokens: 3 };
    const answer = await readAnswer(await postJson(`${url}/v1/completions`, body));
    expect(answer.choices.map((choice: { index: number }) => choice.index)).toEqual([0, 1, 2, 3]);
    expect(answer.choices.map((choice: { text: string }) => choice.text.slice(0, 7))).toEqual([
      'One sun',
      'One sun',
      'Two moo',
      'Two moo',
    ]);
    expect(answer.usage.completion_tokens).toBe(12);
    const tokens = (await readAnswer(await postJson(`${url}/tokenize`, { prompt: 'One sun' }))).tokens;
    const ofTokens = await readAnswer(
      await postJson(`${url}/v1/completions`, { prompt: tokens, max_tokens: 3, echo: true }),
    );
    expect(ofTokens.choices[0].text).toBe(answer.choices[0].text);
    const events = await readEvents(
      await postJson(`${url}/v1/completions`, { ...body, prompt: 'One sun', n: 1, stream: true }),
    );
    expect(textOf(events)).toBe(answer.choices[0].text);
  });

  it('carry the client’s request id', async () => {
    const init = { headers: { 'x-request-id': 'abc-1' } };
    expect((await readAnswer(await postJson(`${url}/v1/chat/completions`, hello, init))).id).toBe('chatcmpl-abc-1');
    expect((await readAnswer(await postJson(`${url}/v1/completions`, { prompt: 'a' }, init))).id).toBe('cmpl-abc-1');
    expect((await readAnswer(await postJson(`${url}/v1/completions`, { prompt: 'a', request_id: 'own' }))).id).toBe(
      'cmpl-own',
    );
  });

  it('are ignored when unknown', async () => {
    expect((await postJson(`${url}/v1/chat/completions`, { ...hello, foo: 1, repetition_penalty: 1.1 })).status).toBe(
      200,
    );
  });
});

describe('tool calls', () => {
  it('are made when required or named, with arguments that fit the schema', async () => {
    for (const choice of ['required', { type: 'function', function: { name: 'get_weather' } }]) {
      const answer = await readAnswer(
        await postJson(`${url}/v1/chat/completions`, { ...hello, tools: [tool], tool_choice: choice, max_tokens: 50 }),
      );
      expect(shapeOf(answer.choices[0].message.tool_calls)).toEqual([
        { id: 'string', type: 'string', function: { name: 'string', arguments: 'string' } },
      ]);
      expect(answer.choices[0].message).toMatchObject({
        content: null,
        tool_calls: [{ type: 'function', function: { name: 'get_weather' } }],
      });
      expect(answer.choices[0].message.tool_calls[0].id).toMatch(/^chatcmpl-tool-[0-9a-f]+$/);
      expect(answer.choices[0].finish_reason).toBe(choice === 'required' ? 'tool_calls' : 'stop');
      expect(shapeOf(JSON.parse(answer.choices[0].message.tool_calls[0].function.arguments))).toEqual({
        city: 'string',
        days: 'number',
      });
    }
  });

  it('are made on their own only when the last message asks for one', async () => {
    const ask = (messages: unknown): Promise<Response> =>
      postJson(`${url}/v1/chat/completions`, { messages, tools: [tool], max_tokens: 50 });
    const asking = { role: 'user', content: 'Please [call:get_weather] now' };
    expect((await readAnswer(await ask([asking]))).choices[0].finish_reason).toBe('tool_calls');
    expect((await readAnswer(await ask([{ role: 'user', content: 'Please' }]))).choices[0].message.tool_calls).toEqual(
      [],
    );
    const afterwards = await readAnswer(
      await ask([
        asking,
        { role: 'assistant', content: null, tool_calls: [{ id: 'x' }] },
        { role: 'tool', tool_call_id: 'x', content: '21 degrees' },
      ]),
    );
    expect(afterwards.choices[0].message.tool_calls).toEqual([]);
  });

  it('stream their name first and then their arguments in pieces', async () => {
    const body = { ...hello, tools: [tool], tool_choice: 'required', stream: true, max_tokens: 50 };
    const events = await readEvents(await postJson(`${url}/v1/chat/completions`, body));
    const calls = events.flatMap((event) => event.choices[0].delta.tool_calls ?? []);
    expect(shapeOf(calls)).toEqual([
      { id: 'string', type: 'string', index: 'number', function: { name: 'string', arguments: 'string' } },
      { index: 'number', function: { arguments: 'string' } },
    ]);
    const joined = calls.map((call) => call.function.arguments).join('');
    expect(shapeOf(JSON.parse(joined))).toEqual({ city: 'string', days: 'number' });
    expect(events.at(-1).choices[0]).toMatchObject({ delta: { content: '' }, finish_reason: 'tool_calls' });
  });
});

describe('streams on the wire', () => {
  it('are nothing but data events that end with [DONE]', async () => {
    const text = await (await postJson(`${url}/v1/completions`, { prompt: 'x', stream: true })).text();
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(parseEvents(text).length).toBeGreaterThan(0);
  });
});
