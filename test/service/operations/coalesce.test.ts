import { expect, it } from 'vitest';
import { coalesce } from '../../../electron/service/operations/coalesce.ts';

it('runs one at a time, and once more for all who called meanwhile', async () => {
  const ends: (() => void)[] = [];
  let started = 0;
  const run = coalesce(() => {
    started++;
    return new Promise<void>((resolve) => ends.push(resolve));
  });
  const first = run();
  const second = run();
  const third = run();
  expect(started).toBe(1);
  ends[0]?.();
  await first;
  await Promise.resolve();
  ends[1]?.();
  await Promise.all([second, third]);
  expect(started).toBe(2);
});

it('goes on after a failure, which only those see who asked for that run', async () => {
  let count = 0;
  const run = coalesce(async () => {
    if (++count === 1) throw new Error('first');
  });
  const [first, second] = await Promise.allSettled([run(), run()]);
  expect(first).toMatchObject({ status: 'rejected' });
  expect(second).toMatchObject({ status: 'fulfilled' });
});

it('never runs twice at once, also when it is asked for again the moment a run has ended', async () => {
  let inProgress = 0;
  let most = 0;
  const run = coalesce(async () => {
    most = Math.max(most, ++inProgress);
    await new Promise((resolve) => setImmediate(resolve));
    inProgress--;
  });
  const askedAgain = run().then(() => run());
  await Promise.all([run(), askedAgain]);
  expect(most).toBe(1);
});
