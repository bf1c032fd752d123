import type { Database } from 'better-sqlite3';

/** Every statement of the store, prepared once. */
export function prepareStatements(database: Database) {
  const prepare = (sql: string) => database.prepare(sql);
  return {
    insertRevision: prepare(
      'INSERT INTO site_revisions (revision, time_ms, author, summary, diff, text) VALUES (@revision, @timeMs, @author, @summary, @diff, @text)',
    ),
    newestRevision: prepare('SELECT revision, text FROM site_revisions ORDER BY revision DESC LIMIT 1'),
    revisionText: prepare('SELECT text FROM site_revisions WHERE revision = ?').pluck(),
    listRevisions: prepare(
      'SELECT revision, time_ms AS timeMs, author, summary, diff FROM site_revisions ORDER BY revision DESC LIMIT ?',
    ),

    putOverride: prepare(
      'INSERT INTO wanted_overrides (name, wanted, time_ms) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET wanted = excluded.wanted, time_ms = excluded.time_ms',
    ),
    deleteOverride: prepare('DELETE FROM wanted_overrides WHERE name = ?'),
    listOverrides: prepare('SELECT name, wanted FROM wanted_overrides'),

    insertEvent: prepare(
      'INSERT INTO events (time_ms, level, process, text) VALUES (@timeMs, @level, @process, @text)',
    ),
    deleteEventsUpTo: prepare('DELETE FROM events WHERE id <= ?'),
    listEvents: prepare('SELECT id, time_ms AS timeMs, level, process, text FROM events ORDER BY id DESC LIMIT ?'),

    insertKey: prepare(
      'INSERT INTO gateway_keys (name, sha256, created_at_ms, models, features, routes, expires_at_ms, requests_per_minute, tokens_per_minute, concurrency, tokens_per_day) VALUES (@name, @sha256, @createdAtMs, @models, @features, @routes, @expiresAtMs, @requestsPerMinute, @tokensPerMinute, @concurrency, @tokensPerDay) ON CONFLICT DO NOTHING',
    ),
    revokeKey: prepare('UPDATE gateway_keys SET revoked_at_ms = ? WHERE name = ? AND revoked_at_ms IS NULL'),
    listKeys: prepare(
      'SELECT name, sha256, created_at_ms AS createdAtMs, revoked_at_ms AS revokedAtMs, models, features, routes, expires_at_ms AS expiresAtMs, requests_per_minute AS requestsPerMinute, tokens_per_minute AS tokensPerMinute, concurrency, tokens_per_day AS tokensPerDay FROM gateway_keys ORDER BY created_at_ms, name',
    ),

    raiseCounter: prepare(
      'INSERT INTO counters (name, value) VALUES (@name, @atLeast) ON CONFLICT (name) DO UPDATE SET value = max(value + 1, @atLeast) RETURNING value',
    ).pluck(),
  };
}
