import { isUtf8 } from 'node:buffer';
import path from 'node:path';
import type { BodyText, RequestDetail } from '../contract/request-row.ts';
import { unpackBlock } from './block.ts';
import { bodyFileKinds, bodyFileName, bodyFileStates } from './body-file-kinds.ts';
import type { BodyFileRow } from './body-file-kinds.ts';
import { readAt, withFile } from './file-io.ts';
import { FrameDamaged, readDetails, readFrame } from './frame.ts';
import type { Frame } from './frame.ts';
import { textOfFrame } from './frame-walk.ts';
import { readableText } from './readable-text.ts';
import type { ReaderPartition } from './reader-partition.ts';
import { bodyNotes } from './row-columns.ts';
import { toSummary } from './to-summary.ts';
import type { RequestRow } from './to-summary.ts';

/**
 * A row with its bodies, or null when there is no such row. Throws ENOENT when the body file was moved between the two
 * reads; asking again finds it in its new place.
 */
export function getRequest(partition: ReaderPartition, number: number): RequestDetail | null {
  const row = partition.statement('SELECT * FROM requests WHERE n = ?').get(number) as RequestRow | undefined;
  if (row === undefined) return null;
  const { frame, note } = readBodies(partition, row);
  const details = readDetails(frame?.details ?? null);
  return {
    ...toSummary(row, partition.day),
    request_body: bodyText(frame?.requestBody ?? null),
    response_body: bodyText(frame?.responseBody ?? null),
    headers: { request: details.requestHeaders, response: details.responseHeaders },
    chunk_times_ms: details.chunkTimesMs,
    bodies_note: note,
  };
}

/** What was asked and what was answered, as far as it is kept; null when there is no such row or no text. */
export function readTexts(
  partition: ReaderPartition,
  number: number,
): { readonly prompt: string; readonly answer: string } | null {
  const row = partition.statement('SELECT * FROM requests WHERE n = ?').get(number) as RequestRow | undefined;
  const frame = row === undefined ? null : readBodies(partition, row).frame;
  if (frame === null) return null;
  // Compressed bodies are kept without the extracted texts.
  return textOfFrame(frame) ?? { prompt: readableText(frame.requestBody), answer: readableText(frame.responseBody) };
}

function readBodies(
  partition: ReaderPartition,
  row: RequestRow,
): { readonly frame: Frame | null; readonly note: string | null } {
  if (row.body_file === null) return { frame: null, note: missingNote(row) };
  const file = partition.statement('SELECT * FROM body_files WHERE file = ?').get(row.body_file) as
    BodyFileRow | undefined;
  if (file === undefined) return { frame: null, note: 'The record of the body file is missing: the log is damaged.' };
  const gone = goneNote(file);
  if (gone !== null) return { frame: null, note: gone };
  try {
    const frame = readStored(path.join(partition.folder, bodyFileName(file.file, file.kind)), file.kind, row);
    return { frame, note: missingNote(row) };
  } catch (error) {
    if (!(error instanceof FrameDamaged)) throw error;
    return { frame: null, note: `The bodies are damaged on disk (${error.message}).` };
  }
}

function readStored(file: string, kind: number, row: RequestRow): Frame {
  const stored = withFile(file, (descriptor) => readAt(descriptor, row.body_offset ?? 0, row.body_bytes ?? 0));
  if (stored.length < (row.body_bytes ?? 0)) throw new FrameDamaged('the file is cut short');
  const frame =
    kind === bodyFileKinds.blocks ? readFrame(unpackBlock(stored), row.body_inner ?? 0) : readFrame(stored, 0);
  if (frame.rowNumber !== row.n) throw new FrameDamaged('they belong to another row');
  return frame;
}

function missingNote(row: RequestRow): string | null {
  switch (row.body_note) {
    case bodyNotes.loggingOff:
      return 'Logging of bodies was off.';
    case bodyNotes.binaryUnderRedaction:
      return 'A body that is not text was not kept, since redaction rules cannot be applied to it.';
    case bodyNotes.crashed:
      return 'The gateway ended before the bodies were written.';
    default:
      return row.state === 0 ? 'The request is still running.' : null;
  }
}

function goneNote(file: BodyFileRow): string | null {
  const when = file.removed_ms === null ? '' : ` on ${new Date(file.removed_ms).toISOString().slice(0, 10)}`;
  if (file.state === bodyFileStates.dropped) return `The bodies were removed by retention${when}.`;
  if (file.state === bodyFileStates.moved) return `The bodies were damaged on disk and could not be kept${when}.`;
  if (file.state === bodyFileStates.lost) return `The file that held the bodies was found missing${when}.`;
  return null;
}

function bodyText(bytes: Uint8Array | null): BodyText {
  if (bytes === null) return null;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return isUtf8(buffer) ? buffer.toString('utf8') : { base64: buffer.toString('base64') };
}
