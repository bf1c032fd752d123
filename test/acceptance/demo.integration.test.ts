import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { RunningSite } from '../fixtures/running-site.ts';
import { startDemoSite } from '../fixtures/running-site.ts';
import { waitFor } from '../fixtures/wait-for.ts';

async function readyDemo(): Promise<RunningSite> {
  const site = await startDemoSite();
  await waitFor(async () => (await site.status()).processes.every((entry) => entry.actual === 'ready'), {
    everyMs: 200,
    what: 'every process to be ready',
  });
  return site;
}

async function clientOf(site: RunningSite): Promise<OpenAI> {
  const { value } = await site.outpost<{ key: string }>('keys', 'add', 'tester');
  return new OpenAI({ baseURL: `${site.ready.gateway}/v1`, apiKey: value.key, maxRetries: 0 });
}

describe('the demo site', () => {
  it('streams a chat completion and returns an embedding to the official client, and records both', async () => {
    const site = await readyDemo();
    const client = await clientOf(site);

    const stream = await client.chat.completions
      .create({
        model: 'demo-chat',
        messages: [{ role: 'user', content: 'Write a line about lighthouses.' }],
        max_tokens: 24,
        stream: true,
        stream_options: { include_usage: true },
      })
      .withResponse();
    const chatId = stream.response.headers.get('x-request-id') ?? '';
    let text = '';
    let usage: OpenAI.CompletionUsage | null = null;
    for await (const chunk of stream.data) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(text.length).toBeGreaterThan(10);
    expect(usage?.completion_tokens).toBeGreaterThan(0);

    const embedding = await client.embeddings
      .create({ model: 'demo-chat', input: ['first text', 'second text'], encoding_format: 'float' })
      .withResponse();
    expect(embedding.data.data).toHaveLength(2);

    const chatRow = await site.finishedRow(chatId);
    expect(chatRow).toMatchObject({
      state: 'ok',
      http_status: 200,
      model: 'demo-chat',
      key: 'tester',
      stream: true,
      prompt_tokens: usage?.prompt_tokens,
      completion_tokens: usage?.completion_tokens,
      error: null,
    });
    expect(chatRow.ttft_ms).toBeGreaterThan(0);
    expect(chatRow.duration_ms).toBeGreaterThanOrEqual(chatRow.ttft_ms ?? Infinity);
    const server = (await site.status()).processes.find((entry) => entry.serves.includes('demo-chat'));
    expect(chatRow.served_by).toBe(server?.name);

    const embeddingRow = await site.finishedRow(embedding.response.headers.get('x-request-id') ?? '');
    expect(embeddingRow).toMatchObject({
      state: 'ok',
      model: 'demo-chat',
      prompt_tokens: embedding.data.usage.prompt_tokens,
      stream: false,
    });

    const detail = await site.request(chatRow.id);
    expect(JSON.parse(String(detail.request_body))).toMatchObject({ model: 'demo-chat', max_tokens: 24 });
    expect(String(detail.response_body)).toContain('data: [DONE]');
    expect(JSON.stringify(detail.headers)).not.toContain('outpost_');

    const found = await waitFor(async () => {
      const rows = await site.requests('--search', 'lighthouses');
      return rows.length > 0 ? rows : null;
    });
    expect(found.map((row) => row.id)).toEqual([chatRow.id]);
  });

  it('answers wrong use with the designed status and body, and records each', async () => {
    const site = await readyDemo();
    const { value } = await site.outpost<{ key: string }>('keys', 'add', 'tester');
    const chat = { model: 'demo-chat', messages: [{ role: 'user', content: 'hello' }], max_tokens: 4 };
    const code = (await site.status()).processes.find((entry) => entry.serves.includes('demo-code'));
    expect((await site.outpost('features', 'set', 'duo_chat', 'disabled')).code).toBe(0);
    expect((await site.outpost('stop', code?.name ?? '')).code).toBe(0);

    async function post(path: string, body: string, key = value.key) {
      const response = await fetch(`${site.ready.gateway}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body,
      });
      const answer = (await response.json()) as { error?: { message: string; type: string; code: string } };
      const row = await site.finishedRow(response.headers.get('x-request-id') ?? '');
      return { status: response.status, answer, row, headers: response.headers };
    }

    const wrongKey = await post('/v1/chat/completions', JSON.stringify(chat), 'outpost_wrong');
    expect(wrongKey.status).toBe(401);
    expect(wrongKey.row).toMatchObject({ state: 'rejected', http_status: 401, key: null });

    const unknownModel = await post('/v1/chat/completions', JSON.stringify({ ...chat, model: 'nobody' }));
    expect(unknownModel.status).toBe(404);
    expect(unknownModel.answer.error?.message).toContain('nobody');
    expect(unknownModel.row).toMatchObject({ state: 'rejected', http_status: 404, key: 'tester', model: 'nobody' });

    const broken = await post('/v1/chat/completions', '{"model": "demo-chat", ');
    expect(broken.status).toBe(400);
    expect(broken.row).toMatchObject({ state: 'rejected', http_status: 400 });

    const disabled = await post('/features/duo_chat/v1/chat/completions', JSON.stringify(chat));
    expect(disabled.status).toBe(403);
    expect(disabled.row).toMatchObject({ state: 'rejected', http_status: 403, feature: 'duo_chat' });

    const stopped = await post('/v1/chat/completions', JSON.stringify({ ...chat, model: 'demo-code' }));
    expect(stopped.status).toBe(503);
    expect(stopped.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(stopped.answer.error?.message).toContain(code?.name);
    expect(stopped.row).toMatchObject({ http_status: 503, model: 'demo-code' });
    for (const each of [wrongKey, unknownModel, broken, disabled, stopped]) {
      expect(each.answer.error).toMatchObject({ message: expect.any(String), type: expect.any(String) });
      expect(each.row.error).toBeTruthy();
    }
  });

  it('serves a reassigned feature from its new model on the next request', async () => {
    const site = await readyDemo();
    const { value } = await site.outpost<{ key: string }>('keys', 'add', 'gitlab');
    const ask = async () => {
      const response = await fetch(`${site.ready.gateway}/features/code_completions/v1/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${value.key}` },
        body: JSON.stringify({ model: 'whatever-gitlab-says', prompt: 'def add(a, b):', max_tokens: 4 }),
      });
      return ((await response.json()) as { model: string }).model;
    };
    expect(await ask()).toBe('demo-code');
    expect((await site.outpost('features', 'set', 'code_completions', 'demo-chat')).code).toBe(0);
    expect(await ask()).toBe('demo-chat');
  });
});
