import { describe, expect, it } from 'vitest';
import { readBody } from '../../../../renderer/pages/requests/read-body.ts';

describe('readBody', () => {
  it('reads JSON, and an event stream as the list of its events', () => {
    expect(readBody('{"a":[1]}')).toEqual({ a: [1] });
    expect(readBody('data: {"a":1}\n\nevent: end\ndata: {"b":2}\n\ndata: [DONE]\n\n')).toEqual([
      { a: 1 },
      { event: 'end', data: { b: 2 } },
      '[DONE]',
    ]);
  });

  it('has no tree for other text', () => {
    expect(readBody('<html>')).toBeUndefined();
    expect(readBody('"only a text"')).toBeUndefined();
  });
});
