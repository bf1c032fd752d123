import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SseScanner } from '../../electron/gateway/stream/sse-scanner.ts';
import type { SseEvent } from '../../electron/gateway/stream/sse-scanner.ts';
import { StreamHold } from '../../electron/gateway/stream/stream-hold.ts';
import { StreamObserver } from '../../electron/gateway/stream/stream-observer.ts';

function scan(chunks: readonly Buffer[]): { events: SseEvent[]; rest: Buffer } {
  const scanner = new SseScanner();
  const events = chunks.flatMap((chunk) => scanner.push(chunk));
  return { events, rest: scanner.takeRest() };
}

function splitAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const points = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...points, bytes.length].map((end, index) => bytes.subarray(points[index - 1] ?? 0, end));
}

const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

describe('the event scanner', () => {
  const mixed = Buffer.from(
    '\ufeffdata: {"a":"é😀"}\n\n: ping\r\n\r\nevent: x\r\ndata: one\r\ndata:two\r\n\r\nid: 7\rdata: three\r\r\n\ndata: [DONE]\n\n',
  );
  const expected = [
    [null, '{"a":"é😀"}'],
    [null, null],
    ['x', 'one\ntwo'],
    [null, 'three'],
    [null, null],
    [null, '[DONE]'],
  ];

  it('finds the same events however the bytes are split, and gives every byte back', () => {
    const meaning = (events: readonly SseEvent[]) =>
      events.filter((event) => event.data !== null || event.name !== null).map((event) => [event.name, event.data]);
    const wanted = expected.filter(([name, value]) => name !== null || value !== null);
    for (let cut = 0; cut <= mixed.length; cut += 1) {
      const { events, rest } = scan([mixed.subarray(0, cut), mixed.subarray(cut)]);
      expect(meaning(events)).toEqual(wanted);
      expect(Buffer.concat([...events.map((event) => event.raw), rest])).toEqual(mixed);
    }
    const single = scan([...mixed].map((byte) => Buffer.from([byte])));
    expect(meaning(single.events)).toEqual(wanted);
  });

  it('keeps every byte of anything, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('data: x', '\n', '\r', '\r\n', ':', 'event: y', 'é', '\n\n'), { maxLength: 40 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (parts, cuts) => {
          const bytes = Buffer.from(parts.join(''));
          const { events, rest } = scan(splitAt(bytes, cuts));
          expect(Buffer.concat([...events.map((event) => event.raw), rest])).toEqual(bytes);
        },
      ),
    );
  });
});

describe('holding back the end of a stream', () => {
  const chat = (content: string) => data({ choices: [{ index: 0, delta: { content } }] });
  const streams: Readonly<Record<string, readonly [before: string, terminal: string]>> = {
    'chat and completions': [chat('Hel') + chat('lo'), 'data: [DONE]\n\n'],
    'without a space': [chat('x'), 'data:[DONE]\r\n\r\n'],
    messages: [
      `event: message_start\n${data({ type: 'message_start' })}`,
      `event: message_stop\n${data({ type: 'message_stop' })}`,
    ],
    responses: [
      `event: response.created\n${data({ type: 'response.created' })}`,
      `event: response.completed\n${data({ type: 'response.completed', response: { big: 'x'.repeat(300) } })}`,
    ],
    'typed data without an event name': [data({ type: 'ping' }), data({ type: 'message_stop' })],
  };

  it.each(Object.entries(streams))(
    '%s: everything before the terminal event passes, nothing of it, at every split',
    (_name, [before, terminal]) => {
      const whole = Buffer.from(`${before}${terminal}after`);
      const beforeLength = Buffer.byteLength(before);
      for (let cut = 0; cut <= whole.length; cut += 1) {
        const hold = new StreamHold(() => false);
        const parts = [whole.subarray(0, cut), whole.subarray(cut)].map((chunk) => hold.push(chunk));
        const forwarded = Buffer.concat(parts.flatMap((part) => [...part.forward]));
        expect(forwarded.toString()).toBe(before);
        expect(parts.at(-1)?.isTerminal).toBe(true);
        const terminalEnd = beforeLength + Buffer.byteLength(terminal);
        // An event that ends with CRLF is already complete at its CR.
        if (cut < terminalEnd - 1 || cut >= terminalEnd) expect(parts[0]?.isTerminal).toBe(cut >= terminalEnd);
        expect(Buffer.concat([...hold.release()]).toString()).toBe(`${terminal}after`);
        expect(hold.release()).toEqual([]);
      }
    },
  );

  it('passes an event on as soon as it is complete', () => {
    const hold = new StreamHold(() => false);
    expect(hold.push(Buffer.from('data: {"x"')).forward).toEqual([]);
    expect(Buffer.concat([...hold.push(Buffer.from(':1}\n\ndata: ')).forward]).toString()).toBe('data: {"x":1}\n\n');
    expect(Buffer.concat([...hold.release()]).toString()).toBe('data: ');
  });

  it('does not collect an endless event, unless it is the terminal one', () => {
    const hold = new StreamHold(() => false);
    const long = Buffer.from(`data: "${'x'.repeat(70_000)}`);
    expect(hold.push(long).forward).toEqual([long]);
    expect(hold.isMidEvent).toBe(true);
    hold.push(Buffer.from('"\n\n'));
    expect(hold.isMidEvent).toBe(false);

    const terminal = new StreamHold(() => false);
    expect(terminal.push(Buffer.from(`event: response.completed\ndata: ${'x'.repeat(70_000)}`)).forward).toEqual([]);
  });

  it('leaves out whole events on demand', () => {
    const hold = new StreamHold((event) => event.data?.includes('usage') === true);
    const part = hold.push(Buffer.from(`${chat('a')}${data({ choices: [], usage: {} })}data: [DONE]\n\n`));
    expect(Buffer.concat([...part.forward]).toString()).toBe(chat('a'));
    expect(Buffer.concat([...hold.release()]).toString()).toBe('data: [DONE]\n\n');
  });
});

describe('observing a stream', () => {
  function observe(chunks: readonly unknown[]): { observer: StreamObserver; alone: boolean[] } {
    const observer = new StreamObserver();
    let nowMs = 0;
    const alone = scan(chunks.map((chunk) => Buffer.from(typeof chunk === 'string' ? chunk : data(chunk)))).events.map(
      (event) => observer.observe(event, (nowMs += 10)),
    );
    return { observer, alone };
  }

  it('assembles chat answers with reasoning and tool calls, per choice', () => {
    const { observer, alone } = observe([
      { choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] },
      { choices: [{ index: 0, delta: { reasoning: 'Let me ' } }] },
      { choices: [{ index: 0, delta: { reasoning_content: 'think' } }] },
      { choices: [{ index: 1, delta: { content: 'Other' } }] },
      { choices: [{ index: 0, delta: { content: 'Hel' } }] },
      { choices: [{ index: 0, delta: { content: 'lo' } }] },
      { choices: [{ index: 0, delta: { tool_calls: [{ function: { name: 'find', arguments: '{"a"' } }] } }] },
      {
        choices: [
          { index: 0, delta: { tool_calls: [{ function: { arguments: ':1}' } }] }, finish_reason: 'tool_calls' },
        ],
      },
      {
        choices: [],
        usage: { prompt_tokens: 25, completion_tokens: 100, prompt_tokens_details: { cached_tokens: 16 } },
      },
      'data: [DONE]\n\n',
    ]);
    expect(observer.facts()).toMatchObject({
      events: 10,
      firstContentMs: 20,
      finishReason: 'tool_calls',
      usage: { promptTokens: 25, completionTokens: 100, cachedTokens: 16 },
      answerText: 'Let me think\nHello\nfind {"a":1}\nOther',
      error: null,
    });
    expect(observer.facts().timesMs).toHaveLength(10);
    expect(alone).toEqual([false, false, false, false, false, false, false, false, true, false]);
  });

  it('does not take counts that the server always sends for ones that only the gateway asked for', () => {
    const { alone } = observe([
      { choices: [{ index: 0, delta: { content: 'a' } }], usage: { completion_tokens: 1 } },
      { choices: [], usage: { completion_tokens: 1 } },
    ]);
    expect(alone).toEqual([false, false]);
  });

  it('reads the streams of completions, messages and responses', () => {
    expect(observe([{ choices: [{ index: 0, text: 'def', finish_reason: 'length' }] }]).observer.facts()).toMatchObject(
      {
        answerText: 'def',
        finishReason: 'length',
      },
    );
    expect(
      observe([
        { type: 'message_start', message: { usage: { input_tokens: 9, output_tokens: 1 } } },
        { type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'hm' } },
        { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hi' } },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } },
        { type: 'message_stop' },
      ]).observer.facts(),
    ).toMatchObject({
      answerText: 'hm\nHi',
      finishReason: 'end_turn',
      usage: { promptTokens: 9, completionTokens: 5 },
      firstContentMs: 20,
    });
    expect(
      observe([
        { type: 'response.created', response: { status: 'in_progress' } },
        { type: 'response.output_text.delta', delta: 'Yes' },
        { type: 'response.completed', response: { status: 'completed', usage: { input_tokens: 3, output_tokens: 1 } } },
      ]).observer.facts(),
    ).toMatchObject({ answerText: 'Yes', finishReason: 'completed', usage: { promptTokens: 3, completionTokens: 1 } });
  });

  it('notes the error that a model server reports inside a stream', () => {
    const { observer } = observe([{ error: { message: 'EngineCore encountered an issue', code: 500 } }]);
    expect(observer.facts().error).toBe('EngineCore encountered an issue');
  });

  it('survives events that are not JSON', () => {
    expect(observe(['data: {broken\n\n', ': ping\n\n']).observer.facts()).toMatchObject({ events: 1, error: null });
  });
});
