import { expect, it } from 'vitest';
import type { ControlOperations } from '../../../electron/contract/control-api.ts';
import { createEmitter } from '../../../electron/service/operations/emitter.ts';
import { createRecorder } from '../../../electron/service/operations/event-book.ts';
import { guardDisk } from '../../../electron/service/operations/guard-disk.ts';
import type { SiteEvent } from '../../../electron/contract/site-status.ts';
import { systemClock } from '../../../electron/base/clock.ts';

function operationsThatThrow(error: Error): ControlOperations {
  const failing = async () => {
    throw error;
  };
  return guardDisk(new Proxy({}, { get: () => failing, ownKeys: () => ['addKey'] }) as unknown as ControlOperations);
}

it('explains a full disk to whoever asked for a change', async () => {
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  expect(await operationsThatThrow(full).addKey('ci')).toMatchObject({
    ok: false,
    error: { code: 'DISK_WRITE_FAILED' },
  });
});

it('leaves bugs alone', async () => {
  await expect(operationsThatThrow(new TypeError('x is undefined')).addKey('ci')).rejects.toThrow('x is undefined');
});

it('tells of events that cannot be kept', () => {
  const news = createEmitter<SiteEvent>();
  const told: SiteEvent[] = [];
  news.follow((event) => told.push(event), new AbortController().signal);
  const warnings: string[] = [];
  const addEvent = () => {
    throw new Error('database or disk is full');
  };
  createRecorder({ addEvent }, systemClock, news, (message) => warnings.push(message))('error', null, 'it happened');
  expect(told).toMatchObject([{ text: 'it happened' }]);
  expect(warnings.join()).toContain('disk is full');
});
