import type { Database } from 'better-sqlite3';
import { createColumns } from './migrations/columns-0001-create-columns.ts';
import { createRequests } from './migrations/0001-create-requests.ts';
import { createTextIndex } from './migrations/text-0001-create-text-index.ts';

export interface Migration {
  /** `user_version` after it. */
  readonly version: number;
  readonly sql: string;
}

export const requestMigrations: readonly Migration[] = [createRequests];
export const textMigrations: readonly Migration[] = [createTextIndex];
export const columnMigrations: readonly Migration[] = [createColumns];

/** A file written by a newer Outpost. */
export class SchemaTooNew extends Error {}

/** Brings a database to the newest schema, one transaction for each step. Throws SchemaTooNew and SQLite's errors. */
export function migrate(database: Database, migrations: readonly Migration[]): void {
  const found = schemaVersion(database);
  const newest = migrations.at(-1)?.version ?? 0;
  if (found > newest) throw new SchemaTooNew(`its schema is version ${found}, this Outpost knows up to ${newest}`);
  for (const { version, sql } of migrations) {
    if (version <= found) continue;
    database
      .transaction(() => {
        database.exec(sql);
        database.pragma(`user_version = ${version}`);
      })
      .immediate();
  }
}

export function schemaVersion(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}
