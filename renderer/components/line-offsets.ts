const encoder = new TextEncoder();
const NEWLINE = '\n';

/** Byte offset in the file of each line that begins in a piece of a log; the piece begins at `fromOffset`. */
export function lineOffsets(text: string, fromOffset: number): number[] {
  const offsets: number[] = [];
  let atByte = fromOffset;
  let atChar = 0;
  while (atChar < text.length) {
    offsets.push(atByte);
    const end = text.indexOf(NEWLINE, atChar);
    const next = end === -1 ? text.length : end + 1;
    atByte += encoder.encode(text.slice(atChar, next)).length;
    atChar = next;
  }
  return offsets;
}

/** Index of the line that holds a byte, or -1 when it lies before them all. */
export function lineHolding(offsets: readonly number[], offset: number): number {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
