import { fail, succeed } from '../../electron/contract/outpost-error.ts';
import type { Result } from '../../electron/contract/outpost-error.ts';

/** Where an export goes. */
export interface ExportSink {
  /** Resolves when the text is taken, so that no more is read than can be written. */
  write(text: string): Promise<Result<null>>;
  /** Lets the file appear under its name. */
  finish(): Promise<Result<null>>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

/** The parts of the File System Access API that are used; not every browser has it, and TypeScript does not know it. */
interface FilePickerWindow {
  readonly showSaveFilePicker?: (options: { readonly suggestedName: string }) => Promise<{
    createWritable(): Promise<{
      write(text: string): Promise<void>;
      close(): Promise<void>;
      abort(): Promise<void>;
    }>;
  }>;
}

/** What is gathered in memory where a browser cannot write to a file as it comes. */
export const MOST_IN_MEMORY = 256_000_000;

/**
 * Opens the file that the operator chooses or, where the browser cannot do that, gathers a download in memory; null when
 * the operator thought better of it. Has to be called from a click.
 */
export async function openExportSink(fileName: string): Promise<ExportSink | null> {
  const { showSaveFilePicker } = window as FilePickerWindow;
  if (!showSaveFilePicker) return memorySink(fileName);
  try {
    const handle = await showSaveFilePicker.call(window, { suggestedName: fileName });
    const file = await handle.createWritable();
    return {
      write: (text) => attempt(() => file.write(text)),
      finish: () => attempt(() => file.close()),
      abandon: async () => void (await attempt(() => file.abort())),
    };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    // Not allowed here, as in a frame or by a policy: a download needs no permission.
    return memorySink(fileName);
  }
}

/** Gathers the parts and hands them to the browser as a download at the end. */
export function memorySink(
  fileName: string,
  save: (fileName: string, parts: readonly string[]) => void = saveAsDownload,
  most = MOST_IN_MEMORY,
): ExportSink {
  let parts: string[] = [];
  let length = 0;
  return {
    write: async (text) => {
      length += text.length;
      if (length > most) {
        parts = [];
        return fail(
          'EXPORT_TOO_LARGE',
          `The export has more than ${Math.round(most / 1e6)} MB, which this browser would have to hold in memory.`,
          'Use the command below on the machine of the service: it writes exports of any size. Or narrow the filter.',
        );
      }
      parts.push(text);
      return succeed(null);
    },
    finish: async () => {
      save(fileName, parts);
      parts = [];
      return succeed(null);
    },
    abandon: async () => void (parts = []),
  };
}

function saveAsDownload(fileName: string, parts: readonly string[]): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([...parts], { type: 'application/octet-stream' }));
  link.download = fileName;
  link.click();
  // The browser has taken it over by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function attempt(write: () => Promise<void>): Promise<Result<null>> {
  try {
    await write();
    return succeed(null);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return fail('DISK_WRITE_FAILED', 'The file cannot be written.', 'Choose a place that has room.', detail);
  }
}
