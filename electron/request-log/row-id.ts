import { ROWS_PER_PARTITION } from '../contract/request-states.ts';

const DAY_MS = 86_400_000;

/** Partition day as a number `yyyymmdd` (UTC), such as 20260131. */
export type PartitionDay = number;

export function dayOfTime(timeMs: number): PartitionDay {
  const date = new Date(timeMs);
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}

/** UTC epoch milliseconds at which the day begins. */
export function startOfDayMs(day: PartitionDay): number {
  return Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100);
}

export function dayAfter(day: PartitionDay): PartitionDay {
  return dayOfTime(startOfDayMs(day) + DAY_MS);
}

export function rowId(day: PartitionDay, number: number): number {
  return day * ROWS_PER_PARTITION + number;
}

export function dayOfRow(id: number): PartitionDay {
  return Math.floor(id / ROWS_PER_PARTITION);
}

/** Row number inside its partition, from 1. */
export function numberOfRow(id: number): number {
  return id % ROWS_PER_PARTITION;
}

/** The day that a partition folder is named after, or null when it is no partition (set aside, half removed, foreign). */
export function dayOfFolder(name: string): PartitionDay | null {
  if (!/^\d{8}$/.test(name)) return null;
  const day = Number(name);
  return dayOfTime(startOfDayMs(day)) === day ? day : null;
}
