import { describe, expect, it } from 'vitest';
import { formatBody } from '../../../../renderer/pages/requests/format-body.ts';

describe('formatBody', () => {
  it('lays out JSON, and a stream event by event', () => {
    expect(formatBody('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(formatBody('data: {"a":1}\n\nevent: end\ndata: {"b":2}\n\ndata: [DONE]\n\n')).toBe(
      '{ "a": 1 }\nend\n  { "b": 2 }\n[DONE]',
    );
  });

  it('leaves other text alone', () => {
    expect(formatBody('<html>')).toBeNull();
  });
});
