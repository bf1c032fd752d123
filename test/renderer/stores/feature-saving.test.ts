import { describe, expect, it } from 'vitest';
import { fail, succeed } from '../../../electron/contract/outpost-error.ts';
import { savingAfter } from '../../../renderer/stores/features.ts';

describe('savingAfter', () => {
  it('tells what is in force from what is only saved and from what is not saved', () => {
    expect(savingAfter(succeed(null)).state).toBe('in-force');
    expect(savingAfter(fail('SAVED_NOT_IN_FORCE', 'Saved.')).state).toBe('not-in-force');
    expect(savingAfter(fail('DISK_WRITE_FAILED', 'Full.')).state).toBe('failed');
  });
});
