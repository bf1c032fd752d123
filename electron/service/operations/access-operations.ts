import type { Clock } from '../../base/clock.ts';
import type { ControlOperations, KeyInfo, SecretInfo } from '../../contract/control-api.ts';
import { unrestrictedKey } from '../../contract/key-rules.ts';
import { fail, outpostError, succeed } from '../../contract/outpost-error.ts';
import type { RouteTableWriter } from '../gateway/route-table-writer.ts';
import { digestKey, makeGatewayKey } from '../keys/gateway-key.ts';
import { PLAYGROUND_KEY_NAME } from '../keys/playground-key.ts';
import { secretReferences } from '../secrets/secret-references.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { Store, StoredKey } from '../store/store.ts';
import type { RecordEvent } from './event-book.ts';
import type { SiteRuntime } from './site-runtime.ts';

export interface AccessOperationParts {
  readonly store: Store;
  readonly secretStore: SecretStore;
  readonly writer: RouteTableWriter;
  readonly runtime: SiteRuntime;
  readonly clock: Clock;
  readonly record: RecordEvent;
}

type Names = 'keys' | 'addKey' | 'revokeKey' | 'secrets' | 'setSecret' | 'removeSecret';

/** Gateway keys and secrets. */
export function accessOperations(parts: AccessOperationParts): Pick<ControlOperations, Names> {
  const { store, secretStore, writer, runtime, clock, record } = parts;

  const secretInfo = (): readonly SecretInfo[] => {
    const references = secretReferences(runtime.site());
    return secretStore.list().map(({ name, setAtMs }) => ({
      name,
      setAtMs,
      usedBy: references.filter(({ secret }) => secret === name).map(({ path }) => path),
    }));
  };

  return {
    async keys() {
      return store.keys().map(keyInfo);
    },
    async addKey(name, rules = unrestrictedKey) {
      const key = makeGatewayKey();
      const added =
        name !== PLAYGROUND_KEY_NAME &&
        store.addKey({ name, sha256: digestKey(key), createdAtMs: clock.nowMs(), rules });
      if (!added) {
        return fail(
          'ALREADY_EXISTS',
          `The key name "${name}" is taken; names of revoked keys are not used again, since the request log refers to them.`,
          'Choose another name.',
        );
      }
      record('info', null, `Key "${name}" was added`);
      const inForce = await writer.putInForce(`Key "${name}"`);
      if (inForce.ok) return succeed({ name, key });
      // This is the one moment at which the key can be shown; withholding it would make it worthless.
      return { ok: false, error: { ...inForce.error, detail: `The key, shown this once: ${key}` } };
    },
    async revokeKey(name) {
      const revoked = store.revokeKey(name, clock.nowMs());
      const stored = store.keys().find((key) => key.name === name);
      if (!stored) {
        return fail('NOT_FOUND', `There is no key named "${name}".`, 'List the keys: outpost keys list.');
      }
      if (revoked) record('info', null, `Key "${name}" was revoked`);
      const inForce = await writer.putInForce(`The revocation of key "${name}"`);
      return inForce.ok ? succeed(keyInfo(stored)) : inForce;
    },
    async secrets() {
      return secretInfo();
    },
    async setSecret(name, value) {
      const saved = guardWrite(() => secretStore.set(name, value, clock.nowMs()));
      if (!saved.ok) return saved;
      record('info', null, `Secret "${name}" was set`);
      await runtime.reconcile();
      const info = secretInfo().find((secret) => secret.name === name);
      return info ? succeed(info) : fail('INTERNAL', `Secret "${name}" was set and removed at the same time.`);
    },
    async removeSecret(name) {
      const removed = guardWrite(() => secretStore.remove(name));
      if (!removed.ok) return removed;
      if (!removed.value) {
        return fail('NOT_FOUND', `There is no secret named "${name}".`, 'List the secrets: outpost secrets list.');
      }
      record('info', null, `Secret "${name}" was removed`);
      await runtime.reconcile();
      return succeed({ name });
    },
  };
}

function guardWrite<T>(write: () => T) {
  try {
    return succeed(write());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      ok: false as const,
      error: outpostError(
        'DISK_WRITE_FAILED',
        `The secrets could not be written: ${reason}.`,
        'Check free space and permissions of the data directory.',
      ),
    };
  }
}

function keyInfo({ name, createdAtMs, revokedAtMs, rules }: StoredKey): KeyInfo {
  return { name, createdAtMs, revokedAtMs, rules };
}
