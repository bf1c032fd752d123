import type { RequestDetail } from '../../electron/contract/request-row.ts';
import { fakeRequest } from './fake-site.ts';

const questions = [
  'Why is the sky blue?',
  'Explain this regular expression: ^a+$',
  'Write a commit message for a change that fixes the retry delay.',
  'Which tests cover the parser?',
];

/** Rows of many kinds, newest first, a few seconds apart. */
export function manyFakeRequests(count: number): RequestDetail[] {
  return Array.from({ length: count }, (_, index) => fakeTraffic(count - index, Date.now() - index * 7000));
}

/** The n-th row of the made-up traffic; the same n gives the same kind of row. */
export function fakeTraffic(n: number, timeMs: number): RequestDetail {
  const question = questions[n % questions.length] ?? '';
  const isChat = n % 3 !== 0;
  const model = isChat ? 'demo-chat' : 'demo-code';
  const feature = n % 4 === 0 ? null : isChat ? 'duo_chat' : 'code_completions';
  const body = {
    model,
    stream: true,
    max_tokens: 256,
    messages: [
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content: question },
    ],
  };
  const words = 'Light is scattered by air, blue more than red, so that it comes from every side.'.split(' ');
  const events = [
    ...words.map((word) => ({ choices: [{ index: 0, delta: { content: `${word} ` } }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { choices: [], usage: { prompt_tokens: 24, completion_tokens: words.length } },
  ];
  const times = words.map((_, index) => 80 + (n % 7) * 11 + index * 17.4 + (index === 9 ? 240 : 0));
  return fakeRequest(2_026_112_400_001_000 + n, {
    time: new Date(timeMs).toISOString(),
    model,
    model_asked: model,
    served_by: model,
    feature,
    key: n % 5 === 0 ? 'ci' : 'gitlab',
    route: feature === null ? '/v1/chat/completions' : `/features/${feature}/v1/chat/completions`,
    request_body: JSON.stringify(body),
    response_body: `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`,
    prompt_tokens: 24 + (n % 50) * 31,
    completion_tokens: words.length,
    ttft_ms: times[0] ?? null,
    duration_ms: (times.at(-1) ?? 0) + 4,
    queue_ms: n % 6 === 0 ? 42.5 : 0.3,
    chunk_times_ms: times,
    ...fateOf(n),
  });
}

function fateOf(n: number): Partial<RequestDetail> {
  if (n % 17 === 0) {
    return {
      state: 'error',
      http_status: 502,
      error: 'The model server demo-chat broke off after 14 tokens.',
      error_code: 'UPSTREAM_BROKE',
      finish_reason: null,
    };
  }
  if (n % 23 === 0) return { state: 'cancelled', finish_reason: null, completion_tokens: 3 };
  if (n % 29 === 0) {
    return {
      state: 'rejected',
      http_status: 401,
      key: null,
      served_by: null,
      error: 'The key is not known to this gateway.',
      error_code: 'KEY_INVALID',
      ttft_ms: null,
      duration_ms: 0.8,
      prompt_tokens: null,
      completion_tokens: null,
      chunk_times_ms: null,
      response_body: '{"error":{"message":"The key is not known to this gateway.","type":"authentication_error"}}',
    };
  }
  return {};
}

/** A red square of 8 by 8 pixels. */
const RED_SQUARE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC';

/** A conversation with everything that a message can hold. */
export function richRequest(id: number): RequestDetail {
  const body = {
    model: 'demo-chat',
    tools: [{ type: 'function', function: { name: 'measure_colour' } }],
    messages: [
      { role: 'system', content: 'You are a helpful assistant.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What colour has the sky in these?' },
          { type: 'image_url', image_url: { url: RED_SQUARE } },
          { type: 'image_url', image_url: { url: 'https://example.invalid/sky.png' } },
        ],
      },
      {
        role: 'assistant',
        reasoning_content: 'The tool knows more.',
        content: null,
        tool_calls: [
          { id: 'call_1', function: { name: 'measure_colour', arguments: '{"place":"north","height":40}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '#c0392b' },
    ],
  };
  const answer =
    'Red. Drawn with this:\n\n```python\ndef gradient(height):\n    return height * 0.5\n```\n\nNothing else.';
  return fakeRequest(id, {
    stream: false,
    request_body: JSON.stringify(body),
    response_body: JSON.stringify({ choices: [{ index: 0, message: { content: answer } }] }),
    chunk_times_ms: null,
  });
}
