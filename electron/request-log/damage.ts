import { SchemaTooNew } from './migrate.ts';

/** Whether the file itself is at fault, rather than the disk being full, read-only or busy. */
export function isDamage(error: unknown): boolean {
  if (error instanceof SchemaTooNew) return true;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB';
}
