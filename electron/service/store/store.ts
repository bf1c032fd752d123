import type { Database } from 'better-sqlite3';
import type { ChangeAuthor, SiteChange } from '../../contract/control-api.ts';
import type { KeyRules } from '../../contract/key-rules.ts';
import { unrestrictedKey } from '../../contract/key-rules.ts';
import type { SiteEvent } from '../../contract/site-status.ts';
import type { KeyRuleColumns } from './key-row.ts';
import { columnsToRules, rulesToColumns } from './key-row.ts';
import { prepareStatements } from './statements.ts';

const KEPT_EVENTS = 10_000;

/** What the operator asked for last, where it differs from what the site file says. */
export type WantedOverride = 'running' | 'stopped';

/** A gateway key as stored: only the digest of its text. */
export interface StoredKey {
  readonly name: string;
  /** Lower-case hex SHA-256. */
  readonly sha256: string;
  readonly createdAtMs: number;
  readonly revokedAtMs: number | null;
  readonly rules: KeyRules;
}

/** Without rules it may do everything. */
export type NewKey = Pick<StoredKey, 'name' | 'sha256' | 'createdAtMs'> & { readonly rules?: KeyRules };

export interface NewRevision {
  readonly timeMs: number;
  readonly author: ChangeAuthor;
  readonly summary: string;
  readonly diff: string;
  readonly text: string;
}

/** The service's own memory, in outpost.db. Every call is synchronous and takes well under a millisecond or a sync. */
export class Store {
  readonly #database: Database;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #keptEvents: number;
  readonly #overrides: Map<string, WantedOverride>;

  constructor(database: Database, keptEvents = KEPT_EVENTS) {
    this.#database = database;
    this.#keptEvents = keptEvents;
    this.#statements = prepareStatements(database);
    const rows = this.#statements.listOverrides.all() as { name: string; wanted: WantedOverride }[];
    this.#overrides = new Map(rows.map((row) => [row.name, row.wanted]));
  }

  /** Keeps a text as the newest revision and returns its number. */
  addRevision(revision: NewRevision): number {
    return this.#database.transaction(() => {
      const number = (this.newestRevision()?.revision ?? 0) + 1;
      this.#statements.insertRevision.run({ ...revision, revision: number });
      return number;
    })();
  }

  newestRevision(): { readonly revision: number; readonly text: string } | null {
    return (this.#statements.newestRevision.get() as { revision: number; text: string } | undefined) ?? null;
  }

  revisionText(revision: number): string | null {
    return (this.#statements.revisionText.get(revision) as string | undefined) ?? null;
  }

  /** Newest first. */
  revisions(limit: number): readonly SiteChange[] {
    return this.#statements.listRevisions.all(limit) as SiteChange[];
  }

  /** In force at once, also when it cannot be written; throws then, since the next start will not know of it. */
  setOverride(name: string, wanted: WantedOverride, timeMs: number): void {
    this.#overrides.set(name, wanted);
    this.#statements.putOverride.run(name, wanted, timeMs);
  }

  clearOverride(name: string): void {
    this.#overrides.delete(name);
    this.#statements.deleteOverride.run(name);
  }

  overrides(): ReadonlyMap<string, WantedOverride> {
    return this.#overrides;
  }

  addEvent(event: Omit<SiteEvent, 'id'>): SiteEvent {
    const id = Number(this.#statements.insertEvent.run(event).lastInsertRowid);
    this.#statements.deleteEventsUpTo.run(id - this.#keptEvents);
    return { id, ...event };
  }

  /** Newest first. */
  events(limit: number): readonly SiteEvent[] {
    return this.#statements.listEvents.all(limit) as SiteEvent[];
  }

  /** False when the name has been used before, also by a key that is revoked: rows of the request log refer to names. */
  addKey({ name, sha256, createdAtMs, rules = unrestrictedKey }: NewKey): boolean {
    return this.#statements.insertKey.run({ name, sha256, createdAtMs, ...rulesToColumns(rules) }).changes === 1;
  }

  /** False when there is no such key in force. */
  revokeKey(name: string, revokedAtMs: number): boolean {
    return this.#statements.revokeKey.run(revokedAtMs, name).changes === 1;
  }

  keys(): readonly StoredKey[] {
    const rows = this.#statements.listKeys.all() as (Omit<StoredKey, 'rules'> & KeyRuleColumns)[];
    return rows.map(({ name, sha256, createdAtMs, revokedAtMs, ...columns }) => {
      return { name, sha256, createdAtMs, revokedAtMs, rules: columnsToRules(columns) };
    });
  }

  /** The next value of a counter that only grows; at least `atLeast`. */
  nextCount(name: string, atLeast: number): number {
    return Number(this.#statements.raiseCounter.get({ name, atLeast }));
  }

  close(): void {
    this.#database.close();
  }
}
