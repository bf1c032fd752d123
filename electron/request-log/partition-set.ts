import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { ROWS_PER_PARTITION } from '../contract/request-states.ts';
import type { LastAllotted } from './id-allotter.ts';
import { isDamage } from './damage.ts';
import type { Durability } from './open-database.ts';
import { Partition } from './partition.ts';
import { dayOfFolder } from './row-id.ts';
import type { PartitionDay } from './row-id.ts';

/** Older partitions are opened for short work only; this many stay open. */
const MAX_OPEN = 4;
/** A new partition beside one that was set aside begins this much higher, so that no id is given out twice. */
const NUMBERS_AFTER_DAMAGE = ROWS_PER_PARTITION / 10;

/** A partition on its way out is renamed to this and its day, so that it is gone at once and as a whole. */
export const REMOVING_PREFIX = '.removing-';

/** The partitions of the log as the writer sees them: opened when needed, recovered when first opened, set aside when damaged. */
export class PartitionSet {
  readonly directory: string;
  readonly #warn: (warning: string) => void;
  readonly #open = new Map<PartitionDay, Partition>();
  readonly #recovered = new Set<PartitionDay>();
  #durability: Durability;

  constructor(directory: string, durability: Durability, warn: (warning: string) => void) {
    this.directory = directory;
    this.#durability = durability;
    this.#warn = warn;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  days(): readonly PartitionDay[] {
    return partitionDays(this.directory);
  }

  folderOf(day: PartitionDay): string {
    return path.join(this.directory, String(day));
  }

  /** Opens the newest partition and finds the last id in it; day 0 in an empty log. */
  lastAllotted(nowMs: number): LastAllotted {
    const day = Math.max(0, ...this.days(), ...this.#daysSetAside());
    const newest = existsSync(this.folderOf(day)) ? this.get(day, nowMs).newestNumber() : 0;
    // Counted after opening, which may have set it aside.
    const setAside = this.#daysSetAside().filter((damaged) => damaged === day).length;
    return { day, number: Math.max(newest, setAside * NUMBERS_AFTER_DAMAGE) };
  }

  /** The partition, opened, created or replaced when damaged. Throws what hinders for now, such as a full disk. */
  get(day: PartitionDay, nowMs: number): Partition {
    const open = this.#open.get(day);
    if (open !== undefined) {
      // Most recently used last.
      this.#open.delete(day);
      this.#open.set(day, open);
      return open;
    }
    let partition: Partition;
    try {
      partition = this.#openAndRecover(day, nowMs);
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.setAside(day, nowMs, error);
      partition = this.#openAndRecover(day, nowMs);
    }
    this.#open.set(day, partition);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MAX_OPEN) break;
      this.close(oldest);
    }
    return partition;
  }

  /** Renames a damaged partition, so that the rest of the log stays usable and nothing is thrown away. */
  setAside(day: PartitionDay, nowMs: number, reason: unknown): void {
    this.close(day);
    const name = `${day}.damaged-${new Date(nowMs).toISOString().replace(/[-:]/g, '').slice(0, 15)}`;
    let target = path.join(this.directory, name);
    for (let copy = 2; existsSync(target); copy += 1) target = path.join(this.directory, `${name}-${copy}`);
    renameSync(this.folderOf(day), target);
    const why = reason instanceof Error ? reason.message : String(reason);
    this.#warn(
      `The request log of ${day} cannot be used (${why}) and was set aside as ${path.basename(target)}. ` +
        'New requests are recorded as usual. Keep the folder for repair, or delete it to free its space.',
    );
  }

  /** Takes a partition out of the log; deleting the renamed folder, which takes time, is left to the caller. */
  remove(day: PartitionDay): void {
    this.close(day);
    renameSync(this.folderOf(day), path.join(this.directory, `${REMOVING_PREFIX}${day}`));
  }

  setDurability(durability: Durability): void {
    this.#durability = durability;
    for (const partition of this.#open.values()) partition.setDurability(durability);
  }

  close(day: PartitionDay): void {
    const partition = this.#open.get(day);
    if (partition === undefined) return;
    this.#open.delete(day);
    partition.close();
  }

  closeAll(): void {
    for (const [day, partition] of this.#open) {
      this.#open.delete(day);
      partition.close();
    }
  }

  #openAndRecover(day: PartitionDay, nowMs: number): Partition {
    const partition = new Partition(this.folderOf(day), day, this.#durability);
    try {
      // A partition that is opened again in the same life has rows of this life running: those are not a crash's.
      const warning = partition.resumeFrames();
      if (warning !== null) this.#warn(warning);
      if (!this.#recovered.has(day)) partition.closeRunning(nowMs);
      this.#recovered.add(day);
      return partition;
    } catch (error) {
      partition.close();
      throw error;
    }
  }

  #daysSetAside(): readonly PartitionDay[] {
    return readdirSync(this.directory)
      .filter((name) => name.includes('.damaged-'))
      .map((name) => dayOfFolder(name.slice(0, 8)))
      .filter((day) => day !== null);
  }
}

/** Days that have a partition, oldest first. */
export function partitionDays(directory: string): readonly PartitionDay[] {
  return readdirSync(directory)
    .map(dayOfFolder)
    .filter((day) => day !== null)
    .sort((a, b) => a - b);
}
