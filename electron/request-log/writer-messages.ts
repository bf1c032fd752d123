import type { OutpostError } from '../contract/outpost-error.ts';
import type { GatewayLogConfig } from '../contract/site-schema.ts';
import type { LastAllotted } from './id-allotter.ts';
import type { SqlValue } from './row-columns.ts';
import type { PartitionDay } from './row-id.ts';

export interface WriterStart {
  readonly role: 'writer';
  readonly directory: string;
  readonly settings: GatewayLogConfig;
}

/** A row on its way to the writer thread, with the length of its frame in the batch's memory, 0 for none. */
export interface SentRow {
  readonly day: PartitionDay;
  readonly values: SqlValue[];
  readonly frameBytes: number;
}

/** Rows of one turn of the event loop. Frames lie in `memory` in the order of the rows; the memory comes back with the answer. */
export interface RowBatch {
  readonly type: 'batch';
  readonly batch: number;
  readonly rows: readonly SentRow[];
  readonly memory: ArrayBuffer | null;
}

export type ToWriter =
  RowBatch | { readonly type: 'configure'; readonly settings: GatewayLogConfig } | { readonly type: 'shutdown' };

export type FromWriter =
  | { readonly type: 'ready'; readonly last: LastAllotted; readonly warnings: readonly string[] }
  | { readonly type: 'refused'; readonly error: OutpostError }
  | {
      readonly type: 'written';
      readonly batch: number;
      /** Indexes of the rows that are not on disk; they are tried again later, but may not be called complete. */
      readonly failed: readonly number[];
      readonly memory: ArrayBuffer | null;
    }
  | {
      readonly type: 'trouble';
      /** Why the log cannot be written, in words, or null when it can again. */
      readonly error: string | null;
      /** Rows that were given up for lack of memory while it could not; reported once, with the recovery. */
      readonly lostRows: number;
    }
  | { readonly type: 'warning'; readonly warning: string }
  | { readonly type: 'ended' };
