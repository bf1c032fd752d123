import { describe, expect, it } from 'vitest';
import { outpostError } from '../../../electron/contract/outpost-error.ts';
import { afterRead, loaded, loading } from '../../../renderer/stores/loadable.ts';

const error = outpostError('TIMED_OUT', 'No answer.');

describe('afterRead', () => {
  it('shows what was read', () => {
    expect(afterRead<number>(loading, { ok: true, value: 3 })).toEqual(loaded(3));
  });

  it('fails when nothing was there before', () => {
    expect(afterRead<number>(loading, { ok: false, error })).toEqual({ state: 'failed', error });
  });

  it('keeps the former value beside the error of a refresh, and drops the error with the next success', () => {
    const kept = afterRead(loaded(3), { ok: false, error });
    expect(kept).toEqual({ state: 'loaded', value: 3, refreshError: error });
    expect(afterRead(kept, { ok: true, value: 4 })).toEqual(loaded(4));
  });
});
