import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { DataPaths } from '../base/data-paths.ts';
import { unrestrictedKey } from '../contract/key-rules.ts';
import type { Result } from '../contract/outpost-error.ts';
import { fail, succeed } from '../contract/outpost-error.ts';
import { readOrMakeToken } from './api/access-token.ts';
import type { DataLock } from './data-lock.ts';
import { lockDataDirectory } from './data-lock.ts';
import { readRouteTable } from './gateway/route-table-writer.ts';
import { PLAYGROUND_KEY_NAME } from './keys/playground-key.ts';
import { SecretStore } from './secrets/secret-store.ts';
import { UpstreamKeys } from './secrets/upstream-keys.ts';
import { openDatabase } from './store/open-database.ts';
import { Store } from './store/store.ts';

/** Everything the service keeps in its data directory, opened and claimed. */
export interface OpenedData {
  readonly lock: DataLock;
  readonly store: Store;
  readonly token: string;
  readonly secretStore: SecretStore;
  readonly upstreamKeys: UpstreamKeys;
  /** What the operator must know about the data directory, or null. */
  readonly warning: string | null;
}

/** Fails with DATA_DIRECTORY_IN_USE or DATA_DIRECTORY_UNUSABLE. */
export async function openData(paths: DataPaths, clock: Clock): Promise<Result<OpenedData>> {
  let lock: DataLock | null = null;
  try {
    makeFolder(paths.runtime);
    const locked = await lockDataDirectory(paths.root);
    if (!locked.ok) return locked;
    lock = locked.value;
    const opened = openDatabase(paths.database, clock.nowMs());
    if (!opened.ok) {
      await lock.release();
      return opened;
    }
    const store = new Store(opened.value.database);
    const { setAside } = opened.value;
    return succeed({
      lock,
      store,
      token: readOrMakeToken(paths.token),
      secretStore: new SecretStore(paths.secrets),
      upstreamKeys: new UpstreamKeys(path.join(paths.runtime, 'upstream-keys.json')),
      warning: setAside === null ? null : afterDamage(setAside, store, paths.routeTable, clock.nowMs()),
    });
  } catch (error) {
    await lock?.release();
    return fail(
      'DATA_DIRECTORY_UNUSABLE',
      `The data directory ${paths.root} cannot be used: ${error instanceof Error ? error.message : String(error)}.`,
      'Correct its permissions or free space, or give another one with --data.',
    );
  }
}

/** Step by step: Node's own way of making parents never returns where the system answers ENOENT, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  mkdirSync(folder, { mode: 0o700 });
}

/** The digests of the keys are in the route table as well, so clients need no new ones when the database is lost. */
function afterDamage(setAside: string, store: Store, routeTable: string, nowMs: number): string {
  const keys = (readRouteTable(routeTable)?.keys ?? []).filter((key) => key.name !== PLAYGROUND_KEY_NAME);
  for (const { name, sha256, models, features = null, routes = null, expiresAtMs = null, limits } of keys) {
    const rules = { models, features, routes, expiresAtMs, limits: limits ?? unrestrictedKey.limits };
    store.addKey({ name, sha256, createdAtMs: nowMs, rules });
  }
  return (
    `outpost.db was damaged; it is kept as ${setAside} and a new one was started. The history of the site, events and ` +
    `revoked keys are in the old one only; ${keys.length} keys in force were taken over from the route table.`
  );
}
