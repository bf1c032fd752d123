import { readFileSync } from 'node:fs';
import { writeFileAtomic } from '../../base/atomic-write.ts';
import type { Log } from '../log.ts';
import type { Bounds } from './window-bounds.ts';

export interface WindowState {
  /** Of the window when it is neither maximised nor full screen. */
  readonly bounds: Bounds;
  readonly maximized: boolean;
}

/** Null when nothing usable was saved, as at the first start. */
export function readWindowState(file: string): WindowState | null {
  try {
    return parseWindowState(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Missing, or broken by hand: the window opens as at the first start.
    return null;
  }
}

export function parseWindowState(value: unknown): WindowState | null {
  if (typeof value !== 'object' || value === null) return null;
  const { bounds, maximized } = value as { bounds?: Partial<Bounds>; maximized?: unknown };
  const { x, y, width, height } = bounds ?? {};
  if (!isPixels(x) || !isPixels(y) || !isPixels(width) || !isPixels(height) || width <= 0 || height <= 0) return null;
  return { bounds: { x, y, width, height }, maximized: maximized === true };
}

export function writeWindowState(file: string, state: WindowState, log: Log): void {
  try {
    writeFileAtomic(file, JSON.stringify(state));
  } catch (error) {
    // Where the window was is not worth a message box.
    log(`the window's place cannot be kept in ${file}: ${(error as Error).message}`);
  }
}

function isPixels(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 100_000;
}
