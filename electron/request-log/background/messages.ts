import type { GatewayLogConfig } from '../../contract/site-schema.ts';
import type { PartitionDay } from '../row-id.ts';

/** Start of the maintenance thread, which runs from the same file as the writer thread that starts it. */
export interface MaintenanceStart {
  readonly role: 'maintenance';
  readonly directory: string;
  readonly settings: GatewayLogConfig;
}

/** What was committed since the last message. */
export interface CommittedWork {
  readonly day: PartitionDay;
  readonly bytes: number;
  readonly walPages: number;
}

export type ToMaintenance =
  | { readonly type: 'committed'; readonly work: readonly CommittedWork[] }
  | { readonly type: 'configure'; readonly settings: GatewayLogConfig }
  /** The writer has done what was asked last. */
  | { readonly type: 'done' }
  | { readonly type: 'stop' };

/** What only the writer may do, as it owns the folders and the files of frames. Each is answered by `done`. */
export type WriterDuty =
  | { readonly type: 'seal'; readonly day: PartitionDay }
  | { readonly type: 'recover'; readonly day: PartitionDay }
  | { readonly type: 'remove'; readonly day: PartitionDay }
  | { readonly type: 'set-aside'; readonly day: PartitionDay; readonly reason: string };

export type FromMaintenance = WriterDuty | { readonly type: 'warning'; readonly warning: string };
