import { describe, expect, it } from 'vitest';
import { editForm, readForm } from '../../electron/gateway/form/read-form.ts';
import { digestOf, routeServer, TEST_KEY } from './route-table-fixture.ts';
import { sendJson, startUpstream } from './scripted-upstream.ts';
import { startGateway } from './start-gateway.ts';

const TYPE = 'multipart/form-data; boundary=b0';
const AUDIO = Buffer.from(Array.from({ length: 600 }, (_, index) => index % 256));

function part(disposition: string, value: Buffer | string): Buffer {
  const head = `--b0\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(value as string), Buffer.from('\r\n')]);
}

const file = part('name="file"; filename="model.wav"', AUDIO);
const model = part('name="model"', 'demo-chat');
const form = (...parts: Buffer[]) => Buffer.concat([...parts, Buffer.from('--b0--\r\n')]);

describe('forms', () => {
  it('are read wherever the fields stand', () => {
    for (const body of [form(file, model), form(model, file, part('name=stream', 'true'))]) {
      expect(readForm(body, TYPE)).toMatchObject({ ok: true, value: { model: 'demo-chat' } });
    }
    expect(readForm(form(part('name="stream"', 'true')), TYPE)).toMatchObject({ value: { stream: true, model: null } });
  });

  it('change no byte but those of the model', () => {
    for (const [before, after] of [
      [form(file, model), form(file, part('name="model"', 'other'))],
      [
        form(file),
        Buffer.concat([
          Buffer.from('--b0\r\ncontent-disposition: form-data; name="model"\r\n\r\nother\r\n'),
          form(file),
        ]),
      ],
    ] as const) {
      const read = readForm(before, TYPE);
      if (!read.ok) throw new Error(read.error.message);
      expect(editForm(before, read.value, null)).toBe(before);
      expect(editForm(before, read.value, 'other').equals(after)).toBe(true);
    }
  });

  it.each([
    ['a model given twice', form(model, part('name="model"', 'other')), TYPE],
    ['a model that is a file', form(part('name="model"; filename="x"', 'demo-chat')), TYPE],
    ['a name in two forms', form(part('name="x"; name*=utf-8\'\'model', 'other')), TYPE],
    ['a preamble', Buffer.concat([Buffer.from('x\r\n'), form(model)]), TYPE],
    ['no end', form(model).subarray(0, -6), TYPE],
    ['two boundaries', form(model), `${TYPE}; boundary=b1`],
    ['no boundary', form(model), 'multipart/form-data'],
    ['nothing', Buffer.alloc(0), TYPE],
  ])('are refused with %s', (_name, body, type) => {
    expect(readForm(body, type)).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } });
  });
});

describe('a form at the gateway', () => {
  async function start(models: string[] | null = null) {
    const upstream = await startUpstream(({ socket }) => sendJson(socket, { text: 'hello' }));
    const keys = [{ name: 'tester', sha256: digestOf(TEST_KEY), models }];
    const servers = [routeServer({ baseUrl: upstream.baseUrl })];
    return { upstream, gateway: await startGateway({ keys, servers }) };
  }

  it.each([
    ['/v1/audio/transcriptions', form(file, model), form(file, model)],
    ['/v1/audio/translations', form(model, file), form(model, file)],
    [
      '/features/duo_chat/v1/audio/transcriptions',
      form(part('name="model"', 'whatever'), file),
      form(part('name="model"', 'demo-chat'), file),
    ],
  ])('is forwarded and recorded on %s', async (path, sent, received) => {
    const { upstream, gateway } = await start();
    const reply = await gateway.send(path, { body: sent, headers: { 'content-type': TYPE } }).done;
    expect([reply.status, reply.body]).toEqual([200, '{"text":"hello"}']);
    const { head, body } = await upstream.request(0);
    expect(head).toMatch(/content-type: multipart\/form-data; boundary=b0/i);
    expect(head).toMatch(new RegExp(`content-length: ${received.length}`, 'i'));
    // The scripted server reads bodies as text; the bytes themselves are compared above.
    expect(body).toBe(received.toString('utf8'));
    const row = await gateway.closedRow(reply.requestId);
    expect(row.closed).toMatchObject({ state: 'ok', servedBy: 'alpha', modelServed: 'demo-chat' });
    expect(Buffer.compare(row.bodies?.requestBody ?? Buffer.alloc(0), sent)).toBe(0);
  });

  it('is held to the models of its key', async () => {
    const { gateway } = await start(['demo-code']);
    const options = { body: form(file, model), headers: { 'content-type': TYPE } };
    const reply = await gateway.send('/v1/audio/transcriptions', options).done;
    expect([reply.status, reply.json().error.code]).toEqual([403, 'model_not_allowed']);
  });
});
