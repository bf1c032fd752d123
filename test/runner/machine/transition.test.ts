import { describe, expect, it } from 'vitest';
import { backoffDelayMs } from '../../../electron/runner/machine/backoff.ts';
import { initialState } from '../../../electron/runner/machine/state.ts';
import { leaderOf, makeSpec, Story } from './given.ts';

function begin(restart: Parameters<typeof makeSpec>[0] = {}): Story {
  return new Story(initialState('stopped', 0), makeSpec(restart)).when({ kind: 'start' });
}

const adoption = {
  kind: 'adopt',
  leader: null,
  left: 0,
  rebooted: false,
  stoppedOutside: false,
  logTail: null,
} as const;

describe('starting', () => {
  it('spawns on request, and is ready only when the health check has answered', () => {
    const story = begin();
    expect(story.last.effects).toEqual([{ kind: 'spawn', runId: 'run-1', number: 1 }]);
    story.spawned();
    expect(story.state.phase.name).toBe('starting');
    story.probed(false);
    expect(story.state.phase.name).toBe('starting');
    story.later(500).probed(true);
    expect(story.state.phase.name).toBe('ready');
    expect(story.state.runs[0]).toMatchObject({ pid: 1001, spawnedAtMs: 1_000_000, readyAtMs: 1_000_500 });
  });

  it('gives up on a start that takes too long, stops it, and says what its log ends with', () => {
    const story = begin().spawned().probed(false, 'nothing listens on port 8001 yet').later(60_000).tick('loading');
    expect(story.state.phase.name).toBe('stopping');
    story.exited(0).looked([]);
    expect(story.state.phase).toMatchObject({ name: 'backing-off' });
    expect(story.state.runs[0]).toMatchObject({
      cause: 'start-failed',
      reason: 'Was not ready within 60 s (nothing listens on port 8001 yet). Its log ends with: loading',
    });
  });

  it('counts a spawn that was not possible like a failed start', () => {
    const story = begin({ maxAttempts: 1 });
    story.when({ kind: 'spawn-failed', runId: 'run-1', reason: 'the program engine was not found.' });
    expect(story.state.phase).toMatchObject({
      name: 'failed',
      reason: 'Given up after 1 attempt. Could not be started: the program engine was not found.',
    });
    expect(story.state.runs[0]).toMatchObject({ pid: null, cause: 'start-failed' });
  });

  it('stops right after the spawn when a stop was asked for meanwhile', () => {
    const story = begin().when({ kind: 'stop' }).spawned();
    expect(story.state.phase.name).toBe('stopping');
    expect(story.state.wanted).toBe('stopped');
  });
});

describe('crashes', () => {
  it('takes every unrequested end for a crash, also with code 0', () => {
    const story = begin().ready().later(12_000).crashed(0);
    expect(story.state.phase).toMatchObject({ name: 'backing-off', untilMs: story.nowMs + 1000 });
    expect(story.state.runs[0]).toMatchObject({
      cause: 'exited',
      exitCode: 0,
      reason: 'Ended by itself without an error code after 12 s. Its log ends with: last words',
    });
  });

  it('ends what a crash left behind before it spawns again', () => {
    const story = begin().ready().exited(null, 'SIGKILL');
    expect(story.state.phase.name).toBe('stopping');
    expect(story.last.effects).toMatchObject([{ kind: 'look' }]);
    story.looked([77]);
    expect(story.last.effects).toEqual([{ kind: 'signal', signal: 'SIGTERM', targets: [{ pid: 77, startTime: 'x' }] }]);
    story.later(2000).looked([77]);
    expect(story.last.effects).toMatchObject([{ kind: 'signal', signal: 'SIGKILL' }]);
    story.looked([]);
    expect(story.state.phase.name).toBe('backing-off');
  });

  it('restarts with growing delay after repeated crashes and gives up with the cause', () => {
    const story = begin();
    const delays: number[] = [];
    while (story.state.phase.name !== 'failed') {
      story.ready().later(1000).crashed();
      if (story.state.phase.name !== 'backing-off') break;
      delays.push(story.state.phase.untilMs - story.nowMs);
      story.later(delays.at(-1) ?? 0).tick();
    }
    expect(delays).toEqual([1000, 2000, 4000, 8000]);
    expect(story.state.restarts).toBe(4);
    expect(story.state.phase).toMatchObject({ name: 'failed' });
    expect(story.state.phase.name === 'failed' && story.state.phase.reason).toMatch(
      /^Given up after 5 attempts in a row\. Exited with code 1 after 1 s\./,
    );
  });

  it('starts the delay anew after a stable period', () => {
    const story = begin().ready().later(100).crashed().later(1000).tick().ready().later(100).crashed();
    expect(story.state.attempts).toBe(2);
    story.later(2000).tick().ready().later(60_000).crashed();
    expect(story.state.attempts).toBe(1);
    expect(story.state.restarts).toBe(2);
  });

  it('restarts the gateway at once, within 2 s after that, and never gives up', () => {
    const policy = { initialDelayMs: 0, maxDelayMs: 2000, factor: 2, stableAfterMs: 10_000, maxAttempts: null };
    const story = begin(policy).ready().crashed();
    expect(story.state.phase.name).toBe('spawning');
    const delays = Array.from({ length: 8 }, (_, index) => backoffDelayMs(policy, index + 1));
    expect(delays).toEqual([0, 200, 400, 800, 1600, 2000, 2000, 2000]);
    for (let crash = 0; crash < 30; crash++) {
      story.ready().crashed();
      if (story.state.phase.name === 'backing-off') story.later(2000).tick();
      expect(story.state.phase.name).toBe('spawning');
    }
  });

  it('ignores the late exit of a former run', () => {
    const story = begin().ready().crashed().later(1000).tick().spawned();
    const before = story.state;
    story.when({ kind: 'exited', runId: 'run-1', code: 0, signal: null, statusKnown: true, logTail: null });
    expect(story.state).toBe(before);
  });

  it('forgets counted attempts when the operator starts it again', () => {
    const story = begin({ maxAttempts: 1 }).ready().crashed();
    expect(story.state.phase.name).toBe('failed');
    story.when({ kind: 'start' });
    expect(story.state).toMatchObject({ attempts: 0, restarts: 0, lastEnd: null, phase: { name: 'spawning' } });
  });
});

describe('stopping', () => {
  it('asks the leader alone, waits the grace period, then signals the whole tree, then kills it', () => {
    const leader = leaderOf(1);
    const story = begin().ready().when({ kind: 'stop' });
    story.looked([leader.pid], { leaderAlive: true });
    expect(story.last.effects).toEqual([{ kind: 'signal', signal: 'SIGTERM', targets: [leader] }]);
    story.later(9000).looked([leader.pid], { leaderAlive: true });
    expect(story.last.effects).toEqual([]);
    story.later(1000).looked([leader.pid, 77], { leaderAlive: true });
    expect(story.last.effects).toMatchObject([{ signal: 'SIGTERM', targets: [{ pid: leader.pid }, { pid: 77 }] }]);
    story.later(2000).looked([leader.pid, 77], { leaderAlive: true });
    expect(story.last.effects).toMatchObject([{ signal: 'SIGKILL', targets: [{ pid: leader.pid }, { pid: 77 }] }]);
    story.exited(null, 'SIGKILL').looked([]);
    expect(story.state.phase).toEqual({ name: 'stopped' });
    expect(story.state.runs[0]).toMatchObject({ cause: 'stopped', signal: 'SIGKILL', reason: 'Stopped on request.' });
  });

  it('is failed, naming what is left, when something survives even the kill, and tries again on the next start', () => {
    const story = begin().ready().when({ kind: 'stop' }).exited(0).looked([77]).later(2000).looked([77]);
    story.later(8000).looked([77]);
    expect(story.state.phase).toMatchObject({ name: 'failed', unproven: { runId: 'run-1' } });
    expect(story.state.phase.name === 'failed' && story.state.phase.reason).toContain('77');
    story.when({ kind: 'start' });
    expect(story.state.phase.name).toBe('stopping');
    story.looked([]);
    expect(story.last.effects).toMatchObject([{ kind: 'spawn' }]);
  });

  it('is not stopped while the port is still in use', () => {
    const story = begin().ready().when({ kind: 'stop' }).exited(0).looked([], { portHolder: 'process 9 (x)' });
    expect(story.state.phase.name).toBe('stopping');
    story.later(3000).looked([], { portHolder: 'process 9 (x)' });
    expect(story.state.phase).toMatchObject({
      name: 'failed',
      reason: 'No process of it is left, but its port is still in use by process 9 (x).',
    });
  });

  it('starts again after a stop that a start has overtaken', () => {
    const story = begin().ready().when({ kind: 'stop' }).when({ kind: 'start' }).exited(0).looked([]);
    expect(story.state.phase.name).toBe('spawning');
  });

  it('refuses to restart what is being stopped', () => {
    const story = begin().ready().when({ kind: 'stop' }).when({ kind: 'restart' });
    expect(story.last.refused).toMatchObject({ code: 'ILLEGAL_TRANSITION', message: 'demo is being stopped.' });
  });

  it('restarts by stopping first, whatever the process does meanwhile', () => {
    const story = begin().ready().when({ kind: 'restart' }).exited(1).looked([]);
    expect(story.state.phase.name).toBe('spawning');
    expect(story.state.restarts).toBe(0);
    expect(story.state.runs[0]).toMatchObject({ cause: 'stopped', exitCode: 1 });
  });
});

describe('health', () => {
  it('is degraded after the health check has failed for a while, and ready again when it answers', () => {
    const story = begin().ready().probed(false).later(9000).probed(false);
    expect(story.state.phase.name).toBe('ready');
    story.later(1000).probed(false);
    expect(story.state.phase).toMatchObject({
      name: 'degraded',
      reason: 'Its health check has failed for 10 s: /health answered 503.',
    });
    expect(story.probed(true).state.phase.name).toBe('ready');
  });
});

describe('shutting down', () => {
  it('stops what runs, ends the runner, and leaves what is wanted as it is', () => {
    const story = begin().ready().when({ kind: 'shutdown' }).exited(0).looked([]);
    expect(story.last.effects).toEqual([{ kind: 'end', error: null }]);
    expect(story.state.wanted).toBe('running');
  });

  it('refuses everything else from then on', () => {
    const story = begin().ready().when({ kind: 'shutdown' }).when({ kind: 'start' });
    expect(story.last.refused?.code).toBe('ILLEGAL_TRANSITION');
  });

  it('ends with the error of a stop that could not be proven', () => {
    const story = begin().ready().when({ kind: 'shutdown' }).exited(0).looked([77]).later(2000).looked([77]);
    story.later(8000).looked([77]);
    expect(story.last.effects).toMatchObject([{ kind: 'end', error: { code: 'PROCESS_STOP_INCOMPLETE' } }]);
  });
});

describe('adopting', () => {
  it('goes on with a process that lives, ready or still starting', () => {
    const ready = begin().ready();
    ready.later(1000).when({ ...adoption, leader: leaderOf(1) });
    expect(ready.state.phase).toMatchObject({ name: 'ready', run: { leader: leaderOf(1) } });
    const starting = begin().spawned();
    starting.later(90_000).when({ ...adoption, leader: leaderOf(1) });
    expect(starting.state.phase).toMatchObject({ name: 'starting', deadlineMs: starting.nowMs + 10_000 });
  });

  it('takes a process that was spawned and never recorded', () => {
    const story = begin().when({ ...adoption, leader: leaderOf(1) });
    expect(story.state.phase).toMatchObject({ name: 'starting', run: { runId: 'run-1', leader: leaderOf(1) } });
    expect(story.state.runs[0]?.pid).toBe(1001);
  });

  it('starts again what ended meanwhile, with an unknown exit status', () => {
    const story = begin().ready().later(5000).when(adoption);
    expect(story.state.phase.name).toBe('backing-off');
    expect(story.state.runs[0]).toMatchObject({ cause: 'unknown', exitCode: null });
    story.later(1000).tick();
    expect(story.state.phase.name).toBe('spawning');
  });

  it('ends what is left of a tree whose leader is gone before it starts again', () => {
    const story = begin()
      .ready()
      .when({ ...adoption, left: 2 });
    expect(story.state.phase.name).toBe('stopping');
    expect(story.looked([]).state.phase.name).toBe('backing-off');
  });

  it('starts at once after a reboot or a proven stop by others', () => {
    expect(
      begin()
        .ready()
        .when({ ...adoption, rebooted: true }).state.phase.name,
    ).toBe('spawning');
    const stopped = begin()
      .ready()
      .when({ ...adoption, stoppedOutside: true });
    expect(stopped.state.phase.name).toBe('spawning');
    expect(stopped.state.runs[0]?.cause).toBe('stopped');
  });

  it('goes on with a stop that a dead runner has begun', () => {
    const story = begin()
      .ready()
      .when({ kind: 'stop' })
      .when({ ...adoption, leader: leaderOf(1) });
    expect(story.state.phase.name).toBe('stopping');
    expect(story.last.effects).toMatchObject([{ kind: 'look' }]);
  });

  it('leaves what is stopped or was given up on as it is', () => {
    expect(begin().ready().when({ kind: 'stop' }).exited(0).looked([]).when(adoption).state.phase.name).toBe('stopped');
    expect(begin({ maxAttempts: 1 }).ready().crashed().when(adoption).state.phase.name).toBe('failed');
  });
});
