import type { ControlOperations } from '../../contract/control-api.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { outpostError } from '../../contract/outpost-error.ts';

/** Operations that write, and can therefore meet a full or read-only disk anywhere inside. */
const writing = [
  'startSite',
  'saveSiteText',
  'saveServer',
  'removeServer',
  'saveLogSettings',
  'rollback',
  'startProcess',
  'stopProcess',
  'restartProcess',
  'stopEverything',
  'setFeature',
  'addKey',
  'revokeKey',
  'setSecret',
  'removeSecret',
] as const satisfies readonly (keyof ControlOperations)[];

const diskCodes = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'EMFILE', 'ENFILE']);

/** The same operations, with failures of the disk as DISK_WRITE_FAILED; anything else thrown is a bug and stays one. */
export function guardDisk(operations: ControlOperations): ControlOperations {
  const guarded = Object.fromEntries(
    writing.map((name) => {
      const operation = operations[name] as (...args: unknown[]) => Promise<Result<unknown>>;
      return [name, (...args: unknown[]) => operation(...args).catch(explainDiskFailure)];
    }),
  );
  // Each guarded operation has the type of the one it wraps.
  return { ...operations, ...(guarded as unknown as Partial<ControlOperations>) };
}

/** A failure of the disk as DISK_WRITE_FAILED; anything else is thrown again. */
export function explainDiskFailure(error: unknown): Extract<Result<never>, { ok: false }> {
  if (!isDiskFailure(error)) throw error;
  return {
    ok: false,
    error: outpostError(
      'DISK_WRITE_FAILED',
      `It could not be written to the data directory: ${error.message}.`,
      'Check free space and permissions of the data directory, then do it again.',
    ),
  };
}

/** Whether the system or SQLite refused to write: a full, read-only or forbidden disk, or too many open files. */
export function isDiskFailure(error: unknown): error is Error & { readonly code: string } {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return diskCodes.has(error.code) || /^SQLITE_(FULL|IOERR|READONLY)/.test(error.code);
}
