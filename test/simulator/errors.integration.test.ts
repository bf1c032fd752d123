import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningSimulator } from './start-simulator.ts';
import { postJson, readAnswer, startSimulator } from './start-simulator.ts';

let simulator: RunningSimulator;
let url: string;
const key = { authorization: 'Bearer secret' };
const hello = { messages: [{ role: 'user', content: 'Hello there' }] };

beforeAll(async () => {
  simulator = await startSimulator(['--max-model-len', '64', '--api-key', 'other', 'secret'], { keepAfterTest: true });
  url = simulator.url;
});
afterAll(async () => {
  await simulator.program.stop();
});

/** Status and error object; checks that the body is exactly an error object whose code is the status. */
async function errorOf(
  response: Response,
): Promise<{ message: string; type: string; param: string | null; code: number }> {
  const body = await readAnswer(response);
  expect(Object.keys(body)).toEqual(['error']);
  expect(Object.keys(body.error)).toEqual(['message', 'type', 'param', 'code']);
  expect(body.error.code).toBe(response.status);
  return body.error;
}

function ask(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return postJson(`${url}${path}`, body, { headers: { ...key, ...headers } });
}

/** A POST with any body, which `fetch` would not send as it is. */
function send(path: string, headers: Record<string, string>, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { method: 'POST', headers: { ...key, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('keys', () => {
  it('guard /v1 and nothing else, with a body that is exactly Unauthorized', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: 'Basic secret' }]) {
      const response = await fetch(`${url}/v1/models`, { headers });
      expect([response.status, await response.text()]).toEqual([401, '{"error":"Unauthorized"}']);
    }
    expect((await fetch(`${url}/v1/nothing`)).status).toBe(401);
    expect((await fetch(`${url}/v1/models`, { method: 'OPTIONS' })).status).toBe(405);
    for (const path of ['/health', '/version', '/metrics', '/load', '/ping'])
      expect((await fetch(`${url}${path}`)).status).toBe(200);
    expect((await postJson(`${url}/tokenize`, { prompt: 'x' })).status).toBe(200);
  });

  it('are any of those given', async () => {
    for (const token of ['secret', 'other']) {
      expect((await fetch(`${url}/v1/models`, { headers: { authorization: `bearer ${token}` } })).status).toBe(200);
    }
  });
});

describe('errors', () => {
  it('name an unknown model', async () => {
    for (const [path, body] of [
      ['/v1/chat/completions', hello],
      ['/v1/completions', { prompt: 'a' }],
      ['/v1/embeddings', { input: 'a' }],
      ['/tokenize', { prompt: 'a' }],
      ['/detokenize', { tokens: [20] }],
    ] as const) {
      expect(await errorOf(await ask(path, { ...body, model: 'x' }))).toEqual({
        message: 'The model `x` does not exist.',
        type: 'NotFoundError',
        param: 'model',
        code: 404,
      });
    }
  });

  it('answer unknown paths and wrong methods', async () => {
    expect(await errorOf(await fetch(`${url}/nothing`))).toMatchObject({
      message: 'Not Found',
      type: 'Not Found',
      code: 404,
    });
    expect(await errorOf(await fetch(`${url}/v1/chat/completions`, { headers: key }))).toMatchObject({
      message: 'Method Not Allowed',
      type: 'Method Not Allowed',
      code: 405,
    });
  });

  it('refuse what does not fit the context, in the words of vLLM', async () => {
    const prompt = 'word '.repeat(70);
    const tokens = (await readAnswer(await ask('/tokenize', { prompt }))).count;
    const error = await errorOf(await ask('/v1/completions', { prompt, max_tokens: 5 }));
    expect(error).toMatchObject({ type: 'BadRequestError', code: 400 });
    expect(error.message).toContain(
      `This model's maximum context length is 64 tokens. However, you requested 5 output tokens and your prompt contains ${tokens} input tokens`,
    );
    expect((await errorOf(await ask('/v1/chat/completions', { ...hello, max_tokens: 1000 }))).message).toContain(
      'you requested 1000 output tokens',
    );
    expect(
      (await errorOf(await ask('/v1/chat/completions', { messages: [{ role: 'user', content: prompt }] }))).code,
    ).toBe(400);
    expect((await errorOf(await ask('/v1/embeddings', { input: prompt }))).type).toBe('BadRequestError');
  });

  it('refuse stream options without a stream', async () => {
    const error = await errorOf(
      await ask('/v1/chat/completions', { ...hello, stream_options: { include_usage: true } }),
    );
    expect(error).toMatchObject({ type: 'Bad Request', param: 'stream_options', code: 400 });
    expect(error.message).toMatch(/^1 validation error:\n.*Stream options can only be defined when `stream=True`/);
  });

  it('refuse broken JSON, other media types and bodies of the wrong shape', async () => {
    const json = { 'content-type': 'application/json' };
    for (const [headers, text, phrase] of [
      [json, '{"messages": [', 'JSON decode error'],
      [json, '', 'Field required'],
      [json, '[1]', 'Input should be a valid dictionary'],
      [
        { 'content-type': 'text/plain' },
        JSON.stringify(hello),
        "Unsupported Media Type: Only 'application/json' is allowed",
      ],
    ] as const) {
      const { status, text: body } = await send('/v1/chat/completions', headers, text);
      expect(status).toBe(400);
      expect(JSON.parse(body).error).toMatchObject({ type: 'Bad Request', code: 400 });
      expect(JSON.parse(body).error.message).toMatch(/^1 validation error:\n/);
      expect(JSON.parse(body).error.message).toContain(phrase);
    }
    expect((await errorOf(await ask('/v1/chat/completions', {}))).param).toBe('body.messages');
    expect((await errorOf(await ask('/v1/completions', {}))).param).toBe('body.prompt');
    expect((await errorOf(await ask('/v1/chat/completions', { messages: [{ content: 'x' }] }))).param).toBe(
      'body.messages.0.role',
    );
    expect((await errorOf(await ask('/v1/chat/completions', { ...hello, stream: 'yes' }))).param).toBe('body.stream');
  });

  it('refuse values out of range', async () => {
    for (const [field, value] of [
      ['max_tokens', 0],
      ['n', 0],
      ['temperature', -1],
      ['top_p', 0],
      ['min_tokens', -1],
      ['stop', ['a', 'b', 'c', 'd', 'e']],
    ] as const) {
      expect(await errorOf(await ask('/v1/chat/completions', { ...hello, [field]: value }))).toMatchObject({
        type: 'BadRequestError',
        param: field,
        code: 400,
      });
    }
    expect((await errorOf(await ask('/v1/embeddings', { input: 'a', dimensions: 9999 }))).param).toBe('dimensions');
    expect((await errorOf(await ask('/detokenize', { tokens: [99999999] }))).message).toBe(
      'Token id 99999999 is out of vocabulary',
    );
    expect((await errorOf(await ask('/v1/chat/completions', { ...hello, tool_choice: 'required' }))).type).toBe(
      'Bad Request',
    );
  });
});
