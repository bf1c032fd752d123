import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { isDamage } from './damage.ts';
import { ColumnCache } from './columns/column-cache.ts';
import { KindTable } from './columns/kinds.ts';
import { COLUMNS_FILE, ROWS_FILE, TEXT_FILE } from './open-database.ts';
import { ReaderPartition } from './reader-partition.ts';
import { dayOfFolder } from './row-id.ts';
import type { PartitionDay } from './row-id.ts';

/** Connections kept; each takes up to six files. */
const MAX_OPEN = 40;

/** The partitions as a reader sees them: looked up anew for every read, so new ones show and removed ones go at once. */
export class ReaderPartitions {
  /** Columns of all partitions that were read lately. */
  readonly #columnCache = new ColumnCache();
  #kinds = new KindTable();
  readonly #directory: string;
  readonly #open = new Map<PartitionDay, { readonly partition: ReaderPartition; readonly identity: string }>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Days that can be read now, oldest first. */
  days(): readonly PartitionDay[] {
    let names: readonly string[];
    try {
      names = readdirSync(this.#directory);
    } catch (error) {
      // Before the gateway has run for the first time there is no log.
      if (isMissing(error)) return [];
      throw error;
    }
    const days = names.map(dayOfFolder).filter((day) => day !== null);
    for (const day of this.#open.keys()) if (!days.includes(day)) this.#close(day);
    return days.sort((a, b) => a - b);
  }

  /**
   * Lets `use` read one partition. Null when it does not exist (any more); `onUnreadable` is told when it is damaged.
   * A file that was moved or removed meanwhile makes it look again, once.
   */
  read<T>(day: PartitionDay, use: (partition: ReaderPartition) => T, onUnreadable: (reason: string) => void): T | null {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const partition = this.#get(day);
        return partition === null ? null : use(partition);
      } catch (error) {
        if (isMissing(error) && attempt === 1) {
          this.#close(day);
          continue;
        }
        if (isMissing(error)) return null;
        if (!isDamage(error)) throw error;
        this.#close(day);
        onUnreadable(error instanceof Error ? error.message : String(error));
        return null;
      }
    }
  }

  closeAll(): void {
    for (const day of [...this.#open.keys()]) this.#close(day);
    this.#columnCache.clear();
    this.#kinds = new KindTable();
  }

  #get(day: PartitionDay): ReaderPartition | null {
    const folder = path.join(this.#directory, String(day));
    // A folder of the same name may have replaced one that was set aside.
    const { ino, birthtimeMs } = statSync(path.join(folder, ROWS_FILE));
    const text = statSync(path.join(folder, TEXT_FILE), { throwIfNoEntry: false });
    const columns = statSync(path.join(folder, COLUMNS_FILE), { throwIfNoEntry: false });
    const identity = `${ino}-${birthtimeMs}-${text?.ino ?? 'none'}-${columns?.ino ?? 'none'}`;
    const known = this.#open.get(day);
    if (known?.identity === identity) return known.partition;
    this.#close(day);
    const partition = new ReaderPartition(folder, day, this.#columnCache, this.#kinds);
    if (!partition.isComplete) {
      partition.close();
      return null;
    }
    this.#open.set(day, { partition, identity });
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MAX_OPEN) break;
      this.#close(oldest);
    }
    return partition;
  }

  #close(day: PartitionDay): void {
    this.#open.get(day)?.partition.close();
    this.#open.delete(day);
  }
}

/** Whether a file or folder is gone, as the system or SQLite says it. */
function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'ENOENT' || error.code === 'SQLITE_CANTOPEN' || error.code === 'SQLITE_READONLY_DBMOVED';
}
