import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readError, sendPrompt } from '../../../renderer/stores/send-prompt.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(handler: Handler) {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { control: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'secret' };
}

const request = { path: '/v1/chat/completions', body: { stream: true } };
const ignore = () => undefined;
const delta = (content: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;

describe('sendPrompt', () => {
  it('assembles a stream as it comes and measures by its own clock', async () => {
    const seen: string[] = [];
    const address = await serve((incoming, response) => {
      expect(incoming.url).toBe('/playground/v1/chat/completions');
      expect(incoming.headers.authorization).toBe('Bearer secret');
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'x-request-id': 'req-1',
        'x-outpost-server': 'demo-chat',
      });
      // A character cut in two must not break.
      const bytes = Buffer.from(delta('Grün'));
      const cut = bytes.indexOf(0xc3) + 1;
      response.write(bytes.subarray(0, cut));
      setImmediate(() => {
        response.write(bytes.subarray(cut));
        response.end(
          `${delta(' ist.')}data: {"choices":[],"usage":{"prompt_tokens":4,"completion_tokens":2}}\n\ndata: [DONE]\n\n`,
        );
      });
    });
    let clock = 0;
    const outcome = await sendPrompt(
      address,
      request,
      new AbortController().signal,
      ({ answer }) => seen.push(answer.text),
      () => (clock += 10),
    );
    expect(outcome).toMatchObject({ requestId: 'req-1', servedBy: 'demo-chat', stopped: false, error: null });
    expect(outcome.answer).toMatchObject({ text: 'Grün ist.', promptTokens: 4, completionTokens: 2 });
    expect(outcome.ttftMs).toBe(10);
    expect(outcome.durationMs).toBe(20);
    expect(seen).toContain('Grün');
  });

  it('reads a whole body', async () => {
    const address = await serve((_incoming, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ choices: [{ index: 0, message: { content: 'Hi' } }] }));
    });
    const outcome = await sendPrompt(address, request, new AbortController().signal, ignore);
    expect(outcome.answer.text).toBe('Hi');
  });

  it('tells a refusal with its status, code and message', async () => {
    const address = await serve((_incoming, response) => {
      response.writeHead(404, { 'content-type': 'application/json', 'x-request-id': 'req-2' });
      response.end(
        '{"error":{"message":"No model of that name.","type":"invalid_request_error","code":"model_unknown"}}',
      );
    });
    const outcome = await sendPrompt(address, request, new AbortController().signal, ignore);
    expect(outcome.error).toEqual({ status: 404, code: 'model_unknown', message: 'No model of that name.' });
    expect(outcome.requestId).toBe('req-2');
  });

  it('tells an error in the middle of a stream and a connection that breaks', async () => {
    const event = await serve((_incoming, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`${delta('Half')}data: {"error":{"message":"The server broke off."}}\n\n`);
    });
    const ended = await sendPrompt(event, request, new AbortController().signal, ignore);
    expect(ended.answer.text).toBe('Half');
    expect(ended.error?.message).toBe('The server broke off.');

    const broken = await serve((_incoming, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req-3' });
      response.write(delta('Half'), () => response.destroy());
    });
    const cut = await sendPrompt(broken, request, new AbortController().signal, ignore);
    expect(cut.error?.message).toMatch(/broke off/);
  });

  it('leaves the request when it is stopped, and keeps what had come', async () => {
    const stop = new AbortController();
    const left = Promise.withResolvers<void>();
    const address = await serve((_incoming, response) => {
      response.on('close', () => left.resolve());
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(delta('Half'));
    });
    const outcome = await sendPrompt(address, request, stop.signal, ({ answer }) => {
      if (answer.text !== '') stop.abort();
    });
    expect(outcome).toMatchObject({ stopped: true, error: null });
    expect(outcome.answer.text).toBe('Half');
    await left.promise;
  });
});

describe('readError', () => {
  it('quotes a body of another shape', () => {
    expect(readError(502, '<html>Bad gateway</html>').message).toBe('<html>Bad gateway</html>');
    expect(readError(500, '').message).toBe('HTTP 500 without a body.');
  });
});
