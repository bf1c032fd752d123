import { createLinuxProcessTrees } from './process-tree-linux.ts';
import { createWindowsProcessTrees } from './process-tree-windows.ts';

/** The variable that marks every process of a run, whatever becomes of its parents. */
export const RUN_ID_VARIABLE = 'OUTPOST_RUN_ID';

/** A process that cannot be taken for a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In the platform's own unit (Linux: clock ticks since boot); compared, never computed with. Empty: unknown. */
  readonly startTime: string;
}

/** What is known of a run's tree, each a way to find what the others miss. */
export interface TreeQuery {
  /** Value of OUTPOST_RUN_ID in the environment of the run's processes. */
  readonly runId: string;
  /** The process that was spawned, leader of its own session; null when it was never recorded. */
  readonly leader: ProcessIdentity | null;
  /** Descendants seen earlier, which may have left the session and lost the variable since. */
  readonly recorded: readonly ProcessIdentity[];
}

export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

/** What supervision asks of the operating system about processes. A zombie counts as gone everywhere. */
export interface ProcessTrees {
  /** Differs after every boot: pids and start times of another boot mean nothing. */
  bootId(): string;
  /** Null when no such process lives. */
  identify(pid: number): Promise<ProcessIdentity | null>;
  isAlive(identity: ProcessIdentity): Promise<boolean>;
  /**
   * Every living process of a run. With `foreign` given, pids in it are skipped and those found not to belong are added
   * to it: a cheap look for repeated sampling, to be started afresh now and then since pids are used again.
   */
  findTree(query: TreeQuery, foreign?: Set<number>): Promise<readonly ProcessIdentity[]>;
  /** Signals a process only when it is still the same; false when it is gone. Throws when the system forbids it. */
  signal(identity: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL'): Promise<boolean>;
  /** Command line, shortened for a message; null when unknown. */
  describe(pid: number): Promise<string | null>;
  /** Who listens on a local TCP port, or null when nobody does or it cannot be told. */
  portHolder(port: number): Promise<PortHolder | null>;
  /** Whether one of these processes is what listens on the port. */
  ownsPort(port: number, owners: readonly ProcessIdentity[]): Promise<'yes' | 'no' | 'unknown'>;
}

export function createProcessTrees(platform: NodeJS.Platform = process.platform): ProcessTrees {
  return platform === 'win32' ? createWindowsProcessTrees() : createLinuxProcessTrees();
}

export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startTime === b.startTime;
}
