import { describe, expect, it } from 'vitest';
import type { Clock } from '../../electron/base/clock.ts';
import type { ServiceLocation } from '../../electron/contract/desktop-bridge.ts';
import { fail, succeed } from '../../electron/contract/outpost-error.ts';
import { ServiceLink } from '../../electron/main/service/service-link.ts';
import type { ServiceSight } from '../../electron/main/service/service-sight.ts';
import { waitFor } from '../fixtures/wait-for.ts';

const answering: ServiceSight = { kind: 'answering', pid: 7, control: 'http://127.0.0.1:1', token: 't' };
const silent: ServiceSight = { kind: 'silent', pid: 7, control: 'http://127.0.0.1:1' };
const absent: ServiceSight = { kind: 'absent' };
const ready: ServiceLocation = { state: 'ready', control: 'http://127.0.0.1:1', token: 't' };

/** A world in which the test says what a look finds, whether a start works, and what time it is. */
function world(first: ServiceSight, start: () => { ended(): string | null } | null = () => ({ ended: () => null })) {
  let nowMs = 0;
  let timers: { atMs: number; callback: () => void }[] = [];
  const clock: Clock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    after(delayMs, callback) {
      const timer = { atMs: nowMs + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };
  const seen: ServiceLocation[] = [];
  const state = { sight: first, looks: 0, starts: 0 };
  const link = new ServiceLink({
    look: async () => {
      state.looks += 1;
      return state.sight;
    },
    start() {
      state.starts += 1;
      const started = start();
      return started ? succeed(started) : fail('PROCESS_START_FAILED', 'No Node here.', 'Install it.');
    },
    clock,
    onChange: (location) => seen.push(location),
  });
  /** Lets time pass until the condition holds. */
  async function pass(until: () => boolean): Promise<void> {
    await waitFor(
      () => {
        if (until()) return true;
        const [next] = timers.sort((a, b) => a.atMs - b.atMs);
        if (next) {
          timers = timers.filter((timer) => timer !== next);
          nowMs = next.atMs;
          next.callback();
        }
        return false;
      },
      { everyMs: 1 },
    );
  }
  return { link, seen, state, pass, nowMs: () => nowMs };
}

describe('the link to the service', () => {
  it('adopts a service that runs', async () => {
    const { link, seen, state } = world(answering);
    await link.open();
    expect(seen).toEqual([ready]);
    expect(state.starts).toBe(0);
    link.close();
  });

  it('starts one when none runs and waits until it answers', async () => {
    const { link, state, pass } = world(absent);
    const opened = link.open();
    await pass(() => state.starts === 1 && state.looks > 3);
    expect(link.location()).toEqual({ state: 'starting' });
    state.sight = answering;
    await pass(() => link.location().state === 'ready');
    await opened;
    expect(state.starts).toBe(1);
    link.close();
  });

  it('says why a start failed, and keeps saying it', async () => {
    let reason: string | null = null;
    const { link, state, pass } = world(absent, () => ({ ended: () => reason }));
    const started = link.open();
    reason = 'It ended with exit code 1. Its log ends with: port in use';
    await pass(() => link.location().state === 'lost');
    await started;
    expect(link.location()).toMatchObject({ reason: expect.stringContaining('port in use') });
    const looks = state.looks;
    await pass(() => state.looks > looks + 2);
    expect(link.location()).toMatchObject({ reason: expect.stringContaining('port in use') });
    link.close();
  });

  it('says so when a start is not possible or takes too long', async () => {
    const impossible = world(absent, () => null);
    await impossible.link.start();
    expect(impossible.link.location()).toEqual({ state: 'lost', reason: 'No Node here.', action: 'Install it.' });

    const slow = world(absent);
    const started = slow.link.start();
    await slow.pass(() => slow.link.location().state === 'lost');
    expect(slow.link.location()).toMatchObject({ reason: 'The service was not ready within 30 s.' });
    expect(slow.nowMs()).toBeGreaterThanOrEqual(30_000);
    await started;
  });

  it('notices when the service goes, and when it comes back by itself', async () => {
    const { link, seen, state, pass } = world(answering);
    await link.open();
    state.sight = absent;
    await pass(() => link.location().state === 'lost');
    expect(state.starts).toBe(0);
    state.sight = { ...answering, control: 'http://127.0.0.1:2' };
    await pass(() => link.location().state === 'ready');
    expect(seen.at(-1)).toEqual({ ...ready, control: 'http://127.0.0.1:2' });
    link.close();
  });

  it('forgives one missed answer, not two in a row', async () => {
    const { link, seen, state, pass } = world(answering);
    await link.open();
    state.sight = silent;
    let looks = state.looks;
    await pass(() => state.looks === looks + 1);
    state.sight = answering;
    await pass(() => state.looks === looks + 2);
    expect(seen).toEqual([ready]);
    state.sight = silent;
    looks = state.looks;
    await pass(() => link.location().state === 'lost');
    expect(state.looks).toBe(looks + 2);
    link.close();
  });

  it('starts once however often it is asked', async () => {
    const { link, state, pass } = world(absent);
    const both = [link.start(), link.start()];
    await pass(() => state.starts === 1);
    state.sight = answering;
    await pass(() => link.location().state === 'ready');
    expect(await Promise.all(both)).toEqual([ready, ready]);
    expect(state.starts).toBe(1);
  });
});
