import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTextIndex } from '../../electron/request-log/migrations/text-0001-create-text-index.ts';
import { parseSearch } from '../../electron/request-log/search-query.ts';

describe('search text', () => {
  let database: Database.Database;
  beforeAll(() => {
    database = new Database(':memory:');
    database.exec(createTextIndex.sql);
    const insert = database.prepare('INSERT INTO request_text (rowid, prompt, answer) VALUES (?, ?, ?)');
    insert.run(1, 'The quick brown fox', 'jumps over gpt-4 and don’t');
    insert.run(2, 'brown the quick', 'Löwe größer 東京');
  });
  afterAll(() => void database.close());

  function find(text: string): readonly unknown[] {
    const { expression } = parseSearch(text);
    if (expression === null) return [];
    return database
      .prepare('SELECT rowid FROM request_text WHERE request_text MATCH ? ORDER BY rowid')
      .pluck()
      .all(expression);
  }

  it.each([
    ['quick brown', [1, 2]],
    ['"quick brown"', [1]],
    ['"quick brown', [1]],
    ['fox jumps', [1]],
    ['FOX', [1]],
    ['bro*', [1, 2]],
    ['fo* größ*', []],
    ['gro* lowe', [2]],
    ['gpt-4', [1]],
    ['4-gpt', []],
    ['NOT fox', []],
    ['fox OR lowe', [1, 2]],
    ['fox or lowe', []],
    ['quick NOT fox', [2]],
    ['quick -fox', [2]],
    ['quick -"brown fox"', [2]],
    ['quick AND fox', [1]],
    ['quick (fox OR lowe)', [1, 2]],
    ['quick -(fox OR lowe)', []],
    ['(quick fox) OR tokio', [1]],
    ['quick (fox', [1]],
    ['quick) fox', [1]],
    ['quick OR', [1, 2]],
    ['AND OR NOT', []],
    ['NOT NOT fox', [1]],
    ['well-known -', []],
    ['prompt:fox', []],
    ['東京', [2]],
    ['*', []],
    ['"" ! --', []],
    ['fox !', [1]],
  ])('%s', (text, rows) => {
    expect(find(text)).toEqual(rows);
  });

  it('takes one or two letters as a word, and says so, but not in scripts that write words with so few', () => {
    expect(parseSearch('fo* größ*')).toEqual({
      expression: '("fo" AND "größ"*)',
      notes: [expect.stringContaining('three letters')],
    });
    expect(parseSearch('東京*')).toEqual({ expression: '"東京"*', notes: [] });
  });

  it('says so when nothing is left but what must not occur', () => {
    expect(parseSearch('-fox')).toEqual({ expression: null, notes: [expect.stringContaining('must occur')] });
  });

  it('can be told to look into the prompt or the answer alone', () => {
    const ids = (where: 'prompt' | 'answer') =>
      database
        .prepare('SELECT rowid FROM request_text WHERE request_text MATCH ?')
        .pluck()
        .all(parseSearch('fox OR gpt', where).expression);
    expect(ids('prompt')).toEqual([1]);
    expect(parseSearch('fox', 'prompt').expression).toBe('{prompt} : ("fox")');
    expect(ids('answer')).toEqual([1]);
    expect(
      database
        .prepare('SELECT rowid FROM request_text WHERE request_text MATCH ?')
        .pluck()
        .all(parseSearch('fox', 'answer').expression),
    ).toEqual([]);
  });

  it('is never an error, whatever is typed', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc
        .array(
          fc.constantFrom(
            '"',
            '*',
            '^',
            '(',
            ')',
            'AND',
            'OR',
            '-(',
            'NEAR(',
            'NOT',
            ':',
            '{',
            '-',
            "'",
            '\0',
            'fox',
            ' ',
            '\\',
            '😀',
            '\ud800',
          ),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anything, (text) => {
        find(text);
      }),
      { numRuns: 3000 },
    );
  });
});
