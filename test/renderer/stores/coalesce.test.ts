import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { coalesce } from '../../../renderer/stores/coalesce.ts';

describe('coalesce', () => {
  it('runs at once, then once more for everything asked for meanwhile', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    let runs = 0;
    const work = coalesce(async () => void (runs += 1), 400);
    work.run();
    work.run();
    work.run();
    expect(runs).toBe(1);
    await vi.advanceTimersByTimeAsync(400);
    expect(runs).toBe(2);
    await vi.advanceTimersByTimeAsync(4000);
    expect(runs).toBe(2);
    work.run();
    expect(runs).toBe(3);
    work.run();
    work.cancel();
    await vi.advanceTimersByTimeAsync(4000);
    expect(runs).toBe(3);
  });
});
