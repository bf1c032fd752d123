import { describe, expect, it } from 'vitest';
import { describeEnd } from '../../../../renderer/pages/servers/describe-end.ts';
import { fakeRun } from '../../../fakes/fake-site.ts';

describe('describeEnd', () => {
  it.each([
    [{}, 'Running'],
    [{ readyAtMs: null }, 'Starting'],
    [{ endedAtMs: 1, cause: 'stopped', exitCode: 0 }, 'Stopped'],
    [{ endedAtMs: 1, cause: 'stopped', signal: 'SIGKILL' }, 'Stopped, SIGKILL'],
    [{ endedAtMs: 1, cause: 'exited', exitCode: 3 }, 'Exit code 3'],
    [{ endedAtMs: 1, cause: 'start-failed', exitCode: 1 }, 'Not started, exit code 1'],
    [{ endedAtMs: 1, cause: 'unknown' }, 'Exit code unknown'],
  ] as const)('says of %o: %s', (run, label) => {
    expect(describeEnd(fakeRun(1, run)).label).toBe(label);
  });
});
