/** The numbers are on disk. */
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

export function isBodyFileName(name: string): boolean {
  return /^bodies-\d{6,}\.(frames|blocks)$/.test(name);
}
