import type { Migration } from '../migrate.ts';

/**
 * The columns of a day's rows that filters, counts and charts go by, in blocks of row numbers. They lie in a file of
 * their own: the writer never waits for it, a day that an older version wrote gets one in the background, and a damaged
 * one is simply made again from the rows.
 */
export const createColumns: Migration = {
  version: 1,
  sql: `
    -- Each combination of values that occurs. Few, as the values depend on each other.
    CREATE TABLE kinds (
      kind INTEGER PRIMARY KEY,            -- from 1, dense
      state INTEGER NOT NULL,              -- as in requests
      http_status INTEGER,
      model TEXT,
      served_by TEXT,
      feature TEXT,
      key_name TEXT,
      finish_reason TEXT,
      error_code TEXT
    ) STRICT;

    -- Written when every row in it has ended, and never changed but to add rows at its end.
    CREATE TABLE blocks (
      block INTEGER PRIMARY KEY,           -- rows block * 32768 up to the next
      last_n INTEGER NOT NULL,             -- highest row number in it
      oldest_ms INTEGER NOT NULL,          -- bounds of time_ms of the rows in it
      newest_ms INTEGER NOT NULL,
      summary BLOB NOT NULL                -- sums for each kind: see block-summary.ts
    ) STRICT;

    CREATE TABLE columns (
      place INTEGER PRIMARY KEY,           -- block * 16 + number of the column: see column-block.ts
      data BLOB NOT NULL                   -- one value for each row number of the block, from its first
    ) STRICT;
  `,
};
