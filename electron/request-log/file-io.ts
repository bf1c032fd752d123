import { closeSync, fdatasyncSync, fsyncSync, openSync, readSync, writevSync } from 'node:fs';

/** The most pieces that one system call takes (IOV_MAX on Linux). */
const MAX_PIECES = 1024;

/** Writes all pieces one behind the other from `position`. Throws the system's error; then any part may be written. */
export function writeAllAt(descriptor: number, pieces: readonly Buffer[], position: number): void {
  let rest = pieces.filter((piece) => piece.length > 0);
  let at = position;
  while (rest.length > 0) {
    let written = writevSync(descriptor, rest.slice(0, MAX_PIECES), at);
    if (written === 0) throw new Error('the system wrote nothing');
    at += written;
    let done = 0;
    while (done < rest.length && written >= (rest[done]?.length ?? 0)) {
      written -= rest[done]?.length ?? 0;
      done += 1;
    }
    rest = rest.slice(done);
    // A short write, as at the end of the disk: go on inside the piece, so that the system says what is wrong.
    if (written > 0 && rest[0] !== undefined) rest[0] = rest[0].subarray(written);
  }
}

/** Reads up to `bytes` bytes from `position`; shorter only at the end of the file. */
export function readAt(descriptor: number, position: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  let read = 0;
  while (read < bytes) {
    const count = readSync(descriptor, buffer, read, bytes - read, position + read);
    if (count === 0) break;
    read += count;
  }
  return buffer.subarray(0, read);
}

/** Opens a file for reading and hands it to `use`; closes it whatever happens. */
export function withFile<T>(file: string, use: (descriptor: number) => T): T {
  const descriptor = openSync(file, 'r');
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function syncData(descriptor: number): void {
  fdatasyncSync(descriptor);
}

/** Makes the names of new files in a folder survive a power cut. Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
