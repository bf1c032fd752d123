import type { Database } from 'better-sqlite3';
import { createTables } from './migrations/0001-create-tables.ts';
import { restrictKeys } from './migrations/0002-restrict-keys.ts';

const migrations: readonly ((database: Database) => void)[] = [createTables, restrictKeys];

/** The schema version this build writes; kept in SQLite's user_version. */
export const schemaVersion = migrations.length;

/**
 * Brings a database to the current schema, each step in a transaction of its own. Throws when the database is from a
 * newer Outpost, which an older one must not write to.
 */
export function migrate(database: Database): void {
  const found = Number(database.pragma('user_version', { simple: true }));
  if (found > schemaVersion) throw new NewerSchemaError(found);
  for (let version = found; version < schemaVersion; version++) {
    database.transaction(() => {
      migrations[version]?.(database);
      database.pragma(`user_version = ${version + 1}`);
    })();
  }
}

/** The database was written by a newer Outpost. It is whole, so it must not be set aside. */
export class NewerSchemaError extends Error {
  constructor(found: number) {
    super(`outpost.db has schema ${found}; this Outpost knows schemas up to ${schemaVersion}`);
  }
}
