import { describe, expect, it } from 'vitest';
import { findProblems } from '../../../../renderer/pages/overview/find-problems.ts';
import { summarize } from '../../../../renderer/pages/overview/summarize.ts';
import { fakeGateway, fakeProcess } from '../../../fakes/fake-site.ts';

const names = (processes: Parameters<typeof findProblems>[0]) => findProblems(processes).map(({ name }) => name);

describe('findProblems', () => {
  it('leaves out what is ready, on its way, or stopped on purpose', () => {
    expect(
      names([
        fakeProcess('ready'),
        fakeProcess('starting', { actual: 'starting' }),
        fakeProcess('stopped', { actual: 'stopped', wanted: 'stopped' }),
      ]),
    ).toEqual([]);
  });

  it('has what is stopped although it should run, and what waits for a restart', () => {
    expect(names([fakeProcess('a', { actual: 'stopped' }), fakeProcess('b', { restart_needed: true })])).toEqual([
      'a',
      'b',
    ]);
  });

  it('puts the gateway first, then failures before lesser trouble', () => {
    expect(
      names([
        fakeProcess('degraded', { actual: 'degraded' }),
        fakeProcess('failed', { actual: 'failed' }),
        fakeGateway({ actual: 'backing-off' }),
      ]),
    ).toEqual(['gateway', 'failed', 'degraded']);
  });
});

describe('summarize', () => {
  it('says how many are ready, in need of attention and stopped on purpose', () => {
    expect(summarize([fakeGateway(), fakeProcess('a')])).toBe('Everything is ready');
    expect(
      summarize([
        fakeGateway(),
        fakeProcess('a', { actual: 'failed' }),
        fakeProcess('b', { actual: 'stopped', wanted: 'stopped' }),
      ]),
    ).toBe('1 of 3 processes are ready, 1 needs attention, 1 stopped on purpose');
  });
});
