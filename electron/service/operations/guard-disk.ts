import type { ControlOperations } from '../../contract/control-api.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { fail } from '../../contract/outpost-error.ts';

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

function explainDiskFailure(error: unknown): Result<never> {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const isDisk = typeof code === 'string' && (diskCodes.has(code) || /^SQLITE_(FULL|IOERR|READONLY)/.test(code));
  if (!isDisk) throw error;
  return fail(
    'DISK_WRITE_FAILED',
    `It could not be written to the data directory: ${String(message)}.`,
    'Check free space and permissions of the data directory, then do it again.',
  );
}
