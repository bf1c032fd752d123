import type { RetainConfig } from '../../contract/site-schema.ts';
import { startOfDayMs } from '../row-id.ts';
import type { PartitionDay } from '../row-id.ts';

export interface KeptPartition {
  readonly day: PartitionDay;
  /** Everything in its folder. */
  readonly bytes: number;
  /** Its body files, oldest first. */
  readonly bodyFiles: readonly { readonly name: string; readonly bytes: number }[];
}

export type RetentionReason = 'days' | 'bodies_days' | 'gib';

export type Removal =
  | { readonly what: 'partition'; readonly day: PartitionDay; readonly bytes: number; readonly why: RetentionReason }
  | {
      readonly what: 'bodies';
      readonly day: PartitionDay;
      readonly name: string;
      readonly bytes: number;
      readonly why: RetentionReason;
    };

const DAY_MS = 86_400_000;
const GIB = 2 ** 30;

/**
 * What has to go, in the order in which it should. Whole partitions and whole files only, oldest first; under the cap on
 * size the bodies of a day go before its rows. The newest partition is written to, so its rows always stay.
 */
export function planRetention(
  partitions: readonly KeptPartition[],
  retain: RetainConfig,
  nowMs: number,
): readonly Removal[] {
  const sorted = [...partitions].sort((a, b) => a.day - b.day);
  const newest = sorted.at(-1)?.day;
  const removals: Removal[] = [];
  const kept: KeptPartition[] = [];
  for (const partition of sorted) {
    const ageMs = nowMs - (startOfDayMs(partition.day) + DAY_MS);
    if (partition.day !== newest && ageMs >= retain.days * DAY_MS) {
      removals.push({ what: 'partition', day: partition.day, bytes: partition.bytes, why: 'days' });
    } else if (ageMs >= retain.bodies_days * DAY_MS) {
      removals.push(...partition.bodyFiles.map((file) => bodies(partition.day, file, 'bodies_days')));
      const bytes = partition.bytes - partition.bodyFiles.reduce((sum, file) => sum + file.bytes, 0);
      kept.push({ ...partition, bytes, bodyFiles: [] });
    } else kept.push(partition);
  }
  let excess = kept.reduce((sum, { bytes }) => sum + bytes, 0) - retain.gib * GIB;
  for (const partition of kept) {
    let left = partition.bytes;
    for (const file of partition.bodyFiles) {
      if (excess <= 0) return removals;
      removals.push(bodies(partition.day, file, 'gib'));
      excess -= file.bytes;
      left -= file.bytes;
    }
    if (excess <= 0) return removals;
    if (partition.day === newest) continue;
    removals.push({ what: 'partition', day: partition.day, bytes: left, why: 'gib' });
    excess -= left;
  }
  return removals;
}

function bodies(
  day: PartitionDay,
  file: { readonly name: string; readonly bytes: number },
  why: RetentionReason,
): Removal {
  return { what: 'bodies', day, name: file.name, bytes: file.bytes, why };
}
