import { describe, expect, it } from 'vitest';
import { compileRedaction, redactSections } from '../../electron/request-log/redact.ts';

const none = { requestBody: null, responseBody: null, details: null, promptText: null, answerText: null };

describe('redaction', () => {
  it('is nothing without rules', () => {
    expect(compileRedaction([])).toBeNull();
  });

  it('applies every rule everywhere, the replacement taken as it is', () => {
    const redact = compileRedaction([
      { name: 'key', pattern: 'sk-[a-z]+', replacement: '$&!' },
      { name: 'mail', pattern: '\\S+@\\S+', replacement: '[mail]' },
    ]);
    expect(redact?.('sk-abc to a@b.c, sk-def')).toBe('$&! to [mail] $&!');
  });

  it('drops bodies that are not text, and says so', () => {
    const redact = compileRedaction([{ name: 'a', pattern: 'a', replacement: 'b' }]);
    const { sections, droppedBinary } = redactSections(
      { ...none, requestBody: Buffer.from([0xff, 0x61]), responseBody: Buffer.from('a') },
      redact ?? String,
    );
    expect(droppedBinary).toBe(true);
    expect(sections.requestBody).toBeNull();
    expect(Buffer.from(sections.responseBody ?? []).toString()).toBe('b');
  });

  it('keeps the JSON of the headers whole', () => {
    const redact = compileRedaction([{ name: 'quote', pattern: '"', replacement: '' }]);
    const details = Buffer.from(
      JSON.stringify({ requestHeaders: { a: 'say "x"' }, responseHeaders: {}, chunkTimesMs: [1] }),
    );
    const { sections } = redactSections({ ...none, details }, redact ?? String);
    expect(JSON.parse(Buffer.from(sections.details ?? []).toString())).toEqual({
      requestHeaders: { a: 'say x' },
      responseHeaders: {},
      chunkTimesMs: [1],
    });
  });
});
