/** A read that took longer than it may. */
export class DeadlinePassed extends Error {}

/** Bounds a read that works in pieces: `check` between two of them throws DeadlinePassed when the time is over. */
export interface Deadline {
  check(): void;
}

export function deadlineIn(durationMs: number, monotonicMs: () => number): Deadline {
  const endMs = monotonicMs() + durationMs;
  return {
    check() {
      if (monotonicMs() > endMs) throw new DeadlinePassed(`not done after ${durationMs} ms`);
    },
  };
}
