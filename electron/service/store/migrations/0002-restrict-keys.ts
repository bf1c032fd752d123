import type { Database } from 'better-sqlite3';

/** What a gateway key may do, until when and how much; null is no restriction, which is what earlier keys have. */
export function restrictKeys(database: Database): void {
  database.exec(`
    ALTER TABLE gateway_keys ADD COLUMN models TEXT; -- JSON array of served model names
    ALTER TABLE gateway_keys ADD COLUMN features TEXT; -- JSON array of feature names
    ALTER TABLE gateway_keys ADD COLUMN routes TEXT; -- JSON array of route names
    ALTER TABLE gateway_keys ADD COLUMN expires_at_ms INTEGER;
    ALTER TABLE gateway_keys ADD COLUMN requests_per_minute INTEGER;
    ALTER TABLE gateway_keys ADD COLUMN tokens_per_minute INTEGER;
    ALTER TABLE gateway_keys ADD COLUMN concurrency INTEGER;
    ALTER TABLE gateway_keys ADD COLUMN tokens_per_day INTEGER;
  `);
}
