import { describe, expect, it } from 'vitest';
import { parseSse, takeSseEvents } from '../../../renderer/stores/parse-sse.ts';

const stream = 'data: {"a":1}\n\n: a comment\n\nevent: message_stop\r\ndata: one\r\ndata: two\r\n\r\ndata:[DONE]\n\n';
const events = [
  { event: null, data: '{"a":1}' },
  { event: 'message_stop', data: 'one\ntwo' },
  { event: null, data: '[DONE]' },
];

describe('parseSse', () => {
  it('reads events with LF and CRLF, several data lines and names, without comments', () => {
    expect(parseSse(stream)).toEqual(events);
  });

  it('keeps a last event that was cut off', () => {
    expect(parseSse('data: 1\n\ndata: 2')).toEqual([
      { event: null, data: '1' },
      { event: null, data: '2' },
    ]);
  });
});

describe('takeSseEvents', () => {
  it('finds the same events wherever the stream is cut', () => {
    for (let cut = 0; cut <= stream.length; cut += 1) {
      const first = takeSseEvents(stream.slice(0, cut));
      const second = takeSseEvents(first.rest + stream.slice(cut));
      expect([...first.events, ...second.events]).toEqual(events);
      expect(second.rest).toBe('');
    }
  });
});
