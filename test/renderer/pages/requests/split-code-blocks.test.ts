import { describe, expect, it } from 'vitest';
import { splitCodeBlocks } from '../../../../renderer/pages/requests/split-code-blocks.ts';

describe('splitCodeBlocks', () => {
  it('takes fenced code out of the text, with its language', () => {
    expect(splitCodeBlocks('Try:\n```ts\nconst a = 1;\n\nb();\n```\nDone.')).toEqual([
      { kind: 'text', text: 'Try:' },
      { kind: 'code', code: 'const a = 1;\n\nb();', language: 'ts' },
      { kind: 'text', text: 'Done.' },
    ]);
  });

  it('keeps a shorter fence inside a longer one', () => {
    expect(splitCodeBlocks('````md\n```js\nx\n```\n````')).toEqual([
      { kind: 'code', code: '```js\nx\n```', language: 'md' },
    ]);
  });

  it('takes a block that was cut off to the end, and inline code for text', () => {
    expect(splitCodeBlocks('~~~\nhalf')).toEqual([{ kind: 'code', code: 'half', language: null }]);
    expect(splitCodeBlocks('Use ```x``` here')).toEqual([{ kind: 'text', text: 'Use ```x``` here' }]);
    expect(splitCodeBlocks('')).toEqual([]);
  });
});
