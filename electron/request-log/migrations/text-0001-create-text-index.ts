import type { Migration } from '../migrate.ts';

/**
 * The text index lies in a file of its own, so that its long transactions never hold up the commit of a row, and so that
 * a damaged one can be replaced alone. Rows are `requests.n`. `detail=full` keeps phrases;
 * contentless, as the text itself is in the bodies. There is no index of prefixes: it doubles the size (4.1 against 2.1 KB
 * for 3.4 KB of text) and a day is small enough to do without.
 */
export const createTextIndex: Migration = {
  version: 1,
  sql: `
    CREATE VIRTUAL TABLE request_text USING fts5(
      prompt, answer,
      content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', detail = full
    );
    -- Merging is done in small steps between requests, never inside a commit.
    INSERT INTO request_text (request_text, rank) VALUES ('automerge', 0);
    INSERT INTO request_text (request_text, rank) VALUES ('crisismerge', 64);
    -- Bytes held in memory before a segment is written; the default of 1 MiB makes eight times as many to merge.
    INSERT INTO request_text (request_text, rank) VALUES ('hashsize', 8388608);

    CREATE TABLE text_state (
      name TEXT PRIMARY KEY,               -- indexed_file, indexed_offset: frames before this place are in the index
      value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO text_state (name, value) VALUES ('indexed_file', 0), ('indexed_offset', 0);
  `,
};
