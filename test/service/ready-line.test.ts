import { fstatSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isJournal } from '../../electron/service/ready-line.ts';

it('takes stdout for a journal only when it is the stream that the system names', () => {
  const { dev, ino } = fstatSync(1, { bigint: true });
  expect(isJournal(`${dev}:${ino}`)).toBe(true);
  expect(isJournal(`${dev}:${ino + 1n}`)).toBe(false);
  expect(isJournal('')).toBe(false);
  expect(isJournal(undefined)).toBe(false);
});
