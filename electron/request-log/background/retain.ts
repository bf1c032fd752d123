import { appendFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { RetainConfig } from '../../contract/site-schema.ts';
import { bodyFileKinds, bodyFileStates, parseBodyFileName } from '../body-file-kinds.ts';
import { REMOVING_PREFIX, partitionDays } from '../partition-set.ts';
import type { PartitionDay } from '../row-id.ts';
import type { MaintainedPartition } from './maintained-partition.ts';
import type { WriterDuty } from './messages.ts';
import type { Pause } from './pause.ts';
import { planRetention } from './plan-retention.ts';
import type { KeptPartition, Removal } from './plan-retention.ts';

export interface RetainParts {
  readonly directory: string;
  readonly open: (day: PartitionDay) => MaintainedPartition;
  readonly close: (day: PartitionDay) => void;
  readonly ask: (duty: WriterDuty) => Promise<void>;
}

const RECORD_FILE = 'retention.jsonl';
/** Years of records; then the file before last is given up. */
const RECORD_BYTES = 4 * 2 ** 20;

/** Removes what the settings no longer keep, and records every removal in `retention.jsonl`. */
export async function* retain(parts: RetainParts, settings: RetainConfig, nowMs: number): Pause {
  for (const name of readdirSync(parts.directory)) {
    // Left by a crash.
    if (name.startsWith(REMOVING_PREFIX)) await rm(path.join(parts.directory, name), { recursive: true, force: true });
  }
  const kept: KeptPartition[] = [];
  for (const day of partitionDays(parts.directory)) {
    kept.push(measure(path.join(parts.directory, String(day)), day));
    yield;
  }
  for (const removal of planRetention(kept, settings, nowMs)) {
    if (removal.what === 'partition') await removePartition(parts, removal, nowMs);
    else await removeBodies(parts, removal, nowMs);
    yield;
  }
}

function measure(folder: string, day: PartitionDay): KeptPartition {
  const bodyFiles: { name: string; bytes: number }[] = [];
  let bytes = 0;
  for (const name of readdirSync(folder).sort()) {
    const size = statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
    bytes += size;
    if (parseBodyFileName(name) !== null) bodyFiles.push({ name, bytes: size });
  }
  return { day, bytes, bodyFiles };
}

async function removePartition(parts: RetainParts, removal: Removal, nowMs: number): Promise<void> {
  const rows = parts.open(removal.day).newestNumber();
  parts.close(removal.day);
  record(parts.directory, removal, nowMs, rows);
  await parts.ask({ type: 'remove', day: removal.day });
  await rm(path.join(parts.directory, `${REMOVING_PREFIX}${removal.day}`), { recursive: true, force: true });
}

async function removeBodies(
  parts: RetainParts,
  removal: Extract<Removal, { what: 'bodies' }>,
  nowMs: number,
): Promise<void> {
  const partition = parts.open(removal.day);
  const parsed = parseBodyFileName(removal.name);
  if (parsed === null) throw new Error(`${removal.name} was listed as a body file.`);
  const { file, kind } = parsed;
  // The writer may be appending to it.
  const isOpen = partition.bodyFile(file)?.state === bodyFileStates.open;
  if (isOpen && kind === bodyFileKinds.frames) await parts.ask({ type: 'seal', day: removal.day });
  const row = partition.bodyFile(file);
  // Begun this moment, with nothing in it that counts.
  if (row === null || (row.kind === bodyFileKinds.frames && row.state === bodyFileStates.open)) return;
  record(parts.directory, removal, nowMs, null);
  partition.dropBodies(file, nowMs);
  rmSync(path.join(partition.folder, removal.name), { force: true });
}

function record(directory: string, removal: Removal, nowMs: number, rows: number | null): void {
  const file = path.join(directory, RECORD_FILE);
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > RECORD_BYTES) renameSync(file, `${file}.old`);
  const { what, day, bytes, why } = removal;
  const line = {
    time: new Date(nowMs).toISOString(),
    what,
    day,
    bytes,
    why,
    ...('name' in removal ? { file: removal.name } : { rows }),
  };
  appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
}
