import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Result } from '../contract/outpost-error.ts';
import { fail } from '../contract/outpost-error.ts';

/**
 * Writes a file that appears under its name only when `produce` has succeeded and everything is on disk; otherwise
 * nothing is left and a former file stays. Prompts are private, hence mode 0600.
 */
export async function writeFileWhole<T>(
  file: string,
  produce: (write: (text: string) => Promise<void>) => Promise<Result<T>>,
): Promise<Result<T>> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(4).toString('hex')}.tmp`);
  let handle: FileHandle | null = null;
  try {
    handle = await open(temporary, 'wx', 0o600);
    const opened = handle;
    const outcome = await produce((text) => opened.appendFile(text));
    if (!outcome.ok) return outcome;
    await handle.sync();
    await handle.close();
    handle = null;
    await rename(temporary, file);
    return outcome;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return fail(
      'DISK_WRITE_FAILED',
      `${file} cannot be written: ${message}.`,
      'Choose a folder that exists, may be written to and has room.',
    );
  } finally {
    await handle?.close();
    await rm(temporary, { force: true });
  }
}
