import { readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markWords, snippetOf } from '../../electron/request-log/mark-words.ts';
import { readSearch, wantedTerms } from '../../electron/request-log/search-words.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { DAY_MS, NOON, openLog, openReader, valueOf, write } from './log-fixtures.ts';

function marked(text: string, search: string): readonly string[] {
  return markWords(text, wantedTerms(readSearch(search))).map(([start, end]) => text.slice(start, end));
}

describe('marks', () => {
  it.each([
    ['The quick brown fox', 'QUICK', ['quick']],
    ['The quick brown fox', '"quick brown" fox', ['quick brown', 'fox']],
    ['The quick brown fox', 'qui* bro', ['quick']],
    ['Größer als Löwe', 'grosser lowe gro*', ['Größer', 'Löwe']],
    ['The quick brown fox', 'quick -fox', ['quick']],
    ['a gpt-4 b', 'gpt-4', ['gpt-4']],
    ['nothing', 'something', []],
    ['<b>fox</b>', 'fox', ['fox']],
  ])('in "%s" for %s', (text, search, expected) => {
    expect(marked(text, search)).toEqual(expected);
  });

  it('lie inside a snippet that is a piece of the text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ maxLength: 400 }), (before, after) => {
        const text = `${before} needle ${after}`;
        const snippet = snippetOf(text, markWords(text, wantedTerms(readSearch('needle'))));
        expect(text).toContain(snippet.text);
        const [first] = snippet.marks;
        expect(snippet.text.slice(first?.[0], first?.[1])).toBe('needle');
        for (const [start, end] of snippet.marks)
          expect(0 <= start && start < end && end <= snippet.text.length).toBe(true);
      }),
    );
  });
});

describe('highlights', () => {
  it('are found in new bodies, and in packed ones that no longer have the extracted text', async () => {
    const directory = makeTempDir();
    const log = await openLog(directory);
    const json = (text: string) =>
      Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content: text }] }));
    const stream = (...pieces: string[]) =>
      Buffer.from(
        pieces.map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`).join(''),
      );
    const id = await write(log, {
      bodies: {
        requestBody: json('where is the "needle"?'),
        responseBody: stream('in the hay', 'stack'),
        promptText: 'where is the "needle"?',
        answerText: 'in the haystack',
      },
    });
    const none = await write(log);
    const reader = await openReader(directory);
    const expected = [
      {
        id,
        snippets: [
          { where: 'prompt', marks: [[14, 20]], text: 'where is the "needle"?' },
          { where: 'answer', marks: [[7, 15]], text: 'in the haystack' },
        ],
      },
    ];
    const ask = async () => valueOf(await reader.highlights({ ids: [id, none, 1], search: 'needle OR haystack' }));
    expect(await ask()).toEqual(expected);
    await write(log, { opened: { timeMs: NOON + DAY_MS } });
    await waitFor(() => readdirSync(path.join(directory, '20260115')).some((name) => name.endsWith('.blocks')));
    expect(await ask()).toEqual(expected);
    expect(valueOf(await reader.highlights({ ids: [id], search: 'needle', searchIn: 'answer' }))).toEqual([]);
    expect(valueOf(await reader.highlights({ ids: [id], search: '-needle' }))).toEqual([]);
  });
});
