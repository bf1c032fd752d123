import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import {
  SchemaTooNew,
  columnMigrations,
  migrate,
  requestMigrations,
  schemaVersion,
  textMigrations,
} from '../../electron/request-log/migrate.ts';
import { openForReading, openForWriting, setDurability } from '../../electron/request-log/open-database.ts';
import { requestColumns } from '../../electron/request-log/row-columns.ts';

describe('migrations', () => {
  it('are numbered from 1 without a gap', () => {
    for (const migrations of [requestMigrations, textMigrations, columnMigrations]) {
      expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
    }
  });

  it('create an empty database and leave an up-to-date one alone', () => {
    const database = new Database(':memory:');
    migrate(database, requestMigrations);
    migrate(database, requestMigrations);
    expect(schemaVersion(database)).toBe(requestMigrations.length);
    const columns = database.prepare<[], string>("SELECT name FROM pragma_table_info('requests')").pluck().all();
    expect(columns).toEqual(expect.arrayContaining([...requestColumns]));
    const tables = database
      .prepare<[], { name: string; strict: number }>(
        "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
      )
      .all();
    expect(tables.every(({ strict }) => strict === 1)).toBe(true);
    database.close();
  });

  it('undo a step that fails', () => {
    const database = new Database(':memory:');
    const broken = { version: requestMigrations.length + 1, sql: 'CREATE TABLE half (a); CREATE NONSENSE;' };
    expect(() => migrate(database, [...requestMigrations, broken])).toThrow();
    expect(schemaVersion(database)).toBe(requestMigrations.length);
    expect(database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'half'").get()).toBeUndefined();
    database.close();
  });

  it('refuse a database of a newer version', () => {
    const database = new Database(':memory:');
    database.pragma('user_version = 999');
    expect(() => migrate(database, requestMigrations)).toThrow(SchemaTooNew);
    database.close();
  });
});

describe('connections', () => {
  it('have the pragmas that durability asks for', () => {
    const file = path.join(makeTempDir(), 'rows.db');
    const database = openForWriting(file, 'strict');
    migrate(database, requestMigrations);
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(database.pragma('synchronous', { simple: true })).toBe(1);
    setDurability(database, 'power-safe');
    expect(database.pragma('synchronous', { simple: true })).toBe(2);
    const reader = openForReading(file);
    expect(() => reader.exec('DELETE FROM requests')).toThrow();
    reader.close();
    database.close();
  });

  it('can read a log whose writer is gone', () => {
    const file = path.join(makeTempDir(), 'rows.db');
    const database = openForWriting(file, 'strict');
    migrate(database, requestMigrations);
    database.close();
    const reader = openForReading(file);
    expect(schemaVersion(reader)).toBe(requestMigrations.length);
    reader.close();
  });
});
