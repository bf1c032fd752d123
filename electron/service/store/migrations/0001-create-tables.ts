import type { Database } from 'better-sqlite3';

/** The first schema: history of the site, what the operator asked for last, events, gateway keys. */
export function createTables(database: Database): void {
  database.exec(`
    CREATE TABLE site_revisions (
      revision INTEGER PRIMARY KEY,
      time_ms INTEGER NOT NULL,
      author TEXT NOT NULL, -- window | browser | cli | file | service
      summary TEXT NOT NULL,
      diff TEXT NOT NULL, -- unified, against the revision before
      text TEXT NOT NULL
    ) STRICT;

    CREATE TABLE wanted_overrides (
      name TEXT PRIMARY KEY,
      wanted TEXT NOT NULL, -- running | stopped
      time_ms INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE events (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      time_ms INTEGER NOT NULL,
      level TEXT NOT NULL, -- info | warning | error
      process TEXT,
      text TEXT NOT NULL
    ) STRICT;

    CREATE TABLE gateway_keys (
      name TEXT PRIMARY KEY,
      sha256 TEXT NOT NULL UNIQUE,
      created_at_ms INTEGER NOT NULL,
      revoked_at_ms INTEGER
    ) STRICT;

    CREATE TABLE counters (
      name TEXT PRIMARY KEY,
      value INTEGER NOT NULL
    ) STRICT;
  `);
}
