import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeWindow } from '../../electron/main/window/window-bounds.ts';
import type { Bounds } from '../../electron/main/window/window-bounds.ts';
import { parseWindowState, readWindowState, writeWindowState } from '../../electron/main/window/window-state.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';

const main: Bounds = { x: 0, y: 27, width: 1920, height: 1053 };
const right: Bounds = { x: 1920, y: 0, width: 2560, height: 1440 };

describe('the place of the window', () => {
  it('is the middle of the main screen at the first start', () => {
    expect(placeWindow(null, [main])).toEqual({ x: 320, y: 134, width: 1280, height: 840 });
    expect(placeWindow(null, [{ x: 0, y: 0, width: 800, height: 600 }])).toEqual({
      x: 0,
      y: 0,
      width: 800,
      height: 600,
    });
  });

  it('is where it was, on whichever screen', () => {
    const saved = { x: 2400, y: 100, width: 1000, height: 700 };
    expect(placeWindow(saved, [main, right])).toEqual(saved);
    const partlyOutside = { x: -400, y: 300, width: 1000, height: 700 };
    expect(placeWindow(partlyOutside, [main])).toEqual(partlyOutside);
  });

  it('is the middle again, with the same size, when that screen is gone', () => {
    expect(placeWindow({ x: 2400, y: 100, width: 1000, height: 700 }, [main])).toEqual({
      x: 460,
      y: 204,
      width: 1000,
      height: 700,
    });
  });

  it('always leaves something to grab, and is never larger than its screen', () => {
    const size = fc.integer({ min: 1, max: 6000 });
    const place = fc.integer({ min: -8000, max: 8000 });
    fc.assert(
      fc.property(fc.record({ x: place, y: place, width: size, height: size }), (saved) => {
        const placed = placeWindow(saved, [main, right]);
        // A window across two screens may stick out of the one, never out of the one it belongs to.
        const fitting = [main, right].filter(
          (area) =>
            Math.min(placed.x + placed.width, area.x + area.width) - Math.max(placed.x, area.x) >= 120 &&
            placed.y >= area.y - 32 &&
            placed.y <= area.y + area.height - 32 &&
            placed.width <= area.width &&
            placed.height <= area.height,
        );
        expect(fitting).not.toEqual([]);
      }),
      { examples: [[{ x: 0, y: -6, width: 2040, height: 1440 }]] },
    );
  });
});

describe('what is kept of the window', () => {
  it('is read back as it was written', () => {
    const file = path.join(makeTempDir(), 'window-state.json');
    const state = { bounds: { x: -5, y: 10, width: 900, height: 600 }, maximized: true };
    writeWindowState(file, state, () => undefined);
    expect(readWindowState(file)).toEqual(state);
  });

  it('is nothing when the file is missing or makes no sense', () => {
    const file = path.join(makeTempDir(), 'window-state.json');
    expect(readWindowState(file)).toBeNull();
    writeFileSync(file, '{"bounds": ');
    expect(readWindowState(file)).toBeNull();
    expect(parseWindowState({ bounds: { x: 1, y: 1, width: 'wide', height: 1 } })).toBeNull();
    expect(parseWindowState({ bounds: { x: 1, y: 1, width: -4, height: 1 } })).toBeNull();
    expect(parseWindowState(null)).toBeNull();
  });

  it('costs a line in the log, not the window, when it cannot be written', () => {
    const lines: string[] = [];
    const blocked = path.join(makeTempDir(), 'file');
    writeFileSync(blocked, '');
    writeWindowState(
      path.join(blocked, 'state.json'),
      { bounds: { x: 0, y: 0, width: 1, height: 1 }, maximized: false },
      (line) => lines.push(line),
    );
    expect(lines).toHaveLength(1);
  });
});
