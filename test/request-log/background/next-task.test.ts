import { describe, expect, it } from 'vitest';
import {
  CHECKPOINT_AT_PAGES,
  CHECKPOINT_DELAY_MS,
  INDEX_AT_BYTES,
  INDEX_DELAY_MS,
  SEAL_AFTER_MS,
  nextTask,
} from '../../../electron/request-log/background/next-task.ts';
import type { PartitionWork } from '../../../electron/request-log/background/next-task.ts';

const NOW = 1_000_000_000;
const idle: PartitionWork = {
  isNewest: true,
  unindexedBytes: 0,
  unindexedSinceMs: null,
  mayMerge: false,
  walPages: 0,
  blockToKeep: null,
  lookForBlocksAtMs: null,
  lastCommitMs: NOW,
  filesToCompress: [],
  openFramesSinceMs: null,
};

describe('what maintenance does next for a day', () => {
  it('nothing when nothing waits', () => {
    expect(nextTask(idle, NOW)).toEqual({ type: 'settled' });
  });

  it('indexes a little text after a moment, much text at once', () => {
    const some = { ...idle, unindexedBytes: 10, unindexedSinceMs: NOW };
    expect(nextTask(some, NOW)).toEqual({ type: 'wait', untilMs: NOW + INDEX_DELAY_MS });
    expect(nextTask(some, NOW + INDEX_DELAY_MS)).toEqual({ type: 'index' });
    expect(nextTask({ ...some, unindexedBytes: INDEX_AT_BYTES }, NOW)).toEqual({ type: 'index' });
  });

  it('indexes before it saves space', () => {
    const much = { ...idle, unindexedBytes: INDEX_AT_BYTES, mayMerge: true, filesToCompress: [1], walPages: 1_000_000 };
    expect(nextTask(much, NOW).type).toBe('index');
    expect(nextTask({ ...much, unindexedBytes: 0 }, NOW).type).toBe('checkpoint');
    expect(nextTask({ ...much, unindexedBytes: 0, walPages: 0 }, NOW).type).toBe('merge');
    expect(nextTask({ ...idle, filesToCompress: [3, 5] }, NOW)).toEqual({ type: 'compress', file: 3 });
  });

  it('empties a long write-ahead log at once, a short one when it is quiet', () => {
    expect(nextTask({ ...idle, walPages: CHECKPOINT_AT_PAGES }, NOW)).toEqual({ type: 'checkpoint' });
    expect(nextTask({ ...idle, walPages: 1 }, NOW)).toEqual({ type: 'wait', untilMs: NOW + CHECKPOINT_DELAY_MS });
    expect(nextTask({ ...idle, walPages: 1 }, NOW + CHECKPOINT_DELAY_MS)).toEqual({ type: 'checkpoint' });
  });

  it('keeps the columns of complete blocks before anything that takes longer, and looks again for those that wait', () => {
    const both = { ...idle, blockToKeep: 3, unindexedBytes: INDEX_AT_BYTES, mayMerge: true };
    expect(nextTask(both, NOW)).toEqual({ type: 'columns', block: 3 });
    expect(nextTask({ ...idle, lookForBlocksAtMs: NOW + 5 }, NOW)).toEqual({ type: 'wait', untilMs: NOW + 5 });
  });

  it('ends the open file of a former day, and of a quiet one after an hour', () => {
    const open = { ...idle, openFramesSinceMs: NOW };
    expect(nextTask({ ...open, isNewest: false }, NOW)).toEqual({ type: 'seal' });
    expect(nextTask(open, NOW)).toEqual({ type: 'wait', untilMs: NOW + SEAL_AFTER_MS });
    expect(nextTask(open, NOW + SEAL_AFTER_MS)).toEqual({ type: 'seal' });
  });
});
