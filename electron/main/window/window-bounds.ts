export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What of the window's head has to be on a screen for it to be grabbed and moved, in pixels. */
const GRAB_WIDTH = 120;
const GRAB_HEIGHT = 32;
const DEFAULT_SIZE = { width: 1280, height: 840 };
export const LEAST_SIZE = { width: 720, height: 480 };

/**
 * Where to open the window: where it was, unless that is on no screen any more; then in the middle of the first screen
 * with the size it had. Never larger than the screen it is on. `workAreas` has the screens without their task bars, the
 * main one first, at least one.
 */
export function placeWindow(saved: Bounds | null, workAreas: readonly [Bounds, ...Bounds[]]): Bounds {
  const area = saved && workAreas.find((candidate) => canBeGrabbed(saved, candidate));
  if (saved && area) {
    const { width, height } = sizeWithin(saved, area);
    return {
      x: within(saved.x, area.x, area.width, width),
      y: within(saved.y, area.y, area.height, height),
      width,
      height,
    };
  }
  const [main] = workAreas;
  const { width, height } = sizeWithin(saved ?? DEFAULT_SIZE, main);
  return {
    x: main.x + Math.round((main.width - width) / 2),
    y: main.y + Math.round((main.height - height) / 2),
    width,
    height,
  };
}

/** Whether enough of the window's upper edge is on this screen. */
function canBeGrabbed(window: Bounds, area: Bounds): boolean {
  const visibleWidth = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const headIsOn = window.y >= area.y - GRAB_HEIGHT && window.y <= area.y + area.height - GRAB_HEIGHT;
  return visibleWidth >= GRAB_WIDTH && headIsOn;
}

function sizeWithin(size: { readonly width: number; readonly height: number }, area: Bounds) {
  return {
    width: Math.min(Math.max(size.width, LEAST_SIZE.width), area.width),
    height: Math.min(Math.max(size.height, LEAST_SIZE.height), area.height),
  };
}

/** A window partly beyond an edge may stay so; one whose head is above the screen may not. */
function within(start: number, areaStart: number, areaSize: number, size: number): number {
  if (size >= areaSize) return areaStart;
  return start < areaStart && start + size < areaStart + GRAB_WIDTH
    ? areaStart
    : Math.max(start, areaStart - size + GRAB_WIDTH);
}
