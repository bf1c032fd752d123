/**
 * The numbers are on disk. Frames are in files with odd numbers, written by the writer thread; blocks in files with even
 * ones, written by the maintenance thread: so neither has to ask the other for a number.
 */
export const bodyFileKinds = { frames: 0, blocks: 1 } as const;
export const bodyFileStates = { open: 0, sealed: 1, moved: 2, dropped: 3, lost: 4 } as const;

export interface BodyFileRow {
  readonly file: number;
  readonly kind: number;
  readonly state: number;
  readonly bytes: number;
  readonly moved_bytes: number;
  readonly opened_ms: number;
  readonly removed_ms: number | null;
}

/** Name of a body file inside its partition's folder, such as `bodies-000012.frames`. */
export function bodyFileName(file: number, kind: number): string {
  return `bodies-${String(file).padStart(6, '0')}.${kind === bodyFileKinds.frames ? 'frames' : 'blocks'}`;
}

/** Number and kind of a body file by its name, or null when it is none. */
export function parseBodyFileName(name: string): { readonly file: number; readonly kind: number } | null {
  const match = /^bodies-(\d{6,})\.(frames|blocks)$/.exec(name);
  if (match === null) return null;
  return { file: Number(match[1]), kind: match[2] === 'frames' ? bodyFileKinds.frames : bodyFileKinds.blocks };
}
