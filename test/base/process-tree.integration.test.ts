import { describe, expect, it } from 'vitest';
import path from 'node:path';
import { createProcessTrees } from '../../electron/base/process-tree.ts';
import { nodePath } from '../../electron/base/program-files.ts';
import { isPortFree } from '../../electron/base/port-free.ts';
import { freePort } from '../fixtures/free-port.ts';
import { spawnCommand } from '../fixtures/spawn-program.ts';
import { waitFor } from '../fixtures/wait-for.ts';

const fakeEngine = path.resolve(import.meta.dirname, '..', 'fakes', 'fake-engine.mjs');
const trees = createProcessTrees();

describe.runIf(process.platform === 'linux')('process trees', () => {
  it('never signals a process whose start time is another', async () => {
    const child = spawnCommand(nodePath(), [fakeEngine]);
    const identity = await trees.identify(child.pid);
    expect(identity?.pid).toBe(child.pid);
    expect(await trees.signal({ pid: child.pid, startTime: '1' }, 'SIGKILL')).toBe(false);
    expect(await trees.isAlive({ pid: child.pid, startTime: identity?.startTime ?? '' })).toBe(true);
    expect(await trees.signal({ pid: child.pid, startTime: identity?.startTime ?? '' }, 'SIGKILL')).toBe(true);
    await child.exited;
    expect(await trees.identify(child.pid)).toBe(null);
  });

  it('finds processes by the mark of their run alone, and no others', async () => {
    const env = { OUTPOST_RUN_ID: 'test.mark.1' };
    const marked = spawnCommand(nodePath(), [fakeEngine, '--child', 'plain'], { env });
    const other = spawnCommand(nodePath(), [fakeEngine], { env: { OUTPOST_RUN_ID: 'test.mark.11' } });
    const query = { runId: 'test.mark.1', leader: null, recorded: [] };
    const found = await waitFor(async () => {
      const tree = await trees.findTree(query);
      return tree.length === 2 ? tree : null;
    });
    expect(found.map(({ pid }) => pid)).toContain(marked.pid);
    expect(found.map(({ pid }) => pid)).not.toContain(other.pid);
    for (const process of found) await trees.signal(process, 'SIGKILL');
    await waitFor(async () => (await trees.findTree(query)).length === 0);
  });

  it('takes a session for proof only while a known process is in it', async () => {
    const leads = spawnCommand('setsid', [nodePath(), fakeEngine, '--child', 'plain']);
    const leader = await trees.identify(leads.pid);
    const tree = await waitFor(async () => {
      const found = await trees.findTree({ runId: 'none', leader, recorded: [] });
      return found.length === 2 ? found : null;
    });
    const child = tree.find(({ pid }) => pid !== leads.pid);
    if (!child) throw new Error('no child');
    await trees.signal({ pid: leads.pid, startTime: leader?.startTime ?? '' }, 'SIGKILL');
    await leads.exited;
    // The session is still there, but nothing that is known is in it any more: its number may have been used again.
    expect(await trees.findTree({ runId: 'none', leader, recorded: [] })).toEqual([]);
    expect(await trees.findTree({ runId: 'none', leader, recorded: [child] })).toEqual([child]);
    await trees.signal(child, 'SIGKILL');
  });

  it('tells who listens on a port', async () => {
    const port = await freePort();
    const child = spawnCommand(nodePath(), [fakeEngine, '--port', String(port)]);
    await waitFor(async () => !(await isPortFree('127.0.0.1', port)));
    expect(await trees.portHolder(port)).toEqual({
      pid: child.pid,
      command: expect.stringContaining('fake-engine.mjs'),
    });
    const identity = await trees.identify(child.pid);
    const self = await trees.identify(process.pid);
    expect(await trees.ownsPort(port, identity ? [identity] : [])).toBe('yes');
    expect(await trees.ownsPort(port, self ? [self] : [])).toBe('no');
    expect(await trees.ownsPort(1, self ? [self] : [])).toBe('unknown');
  });
});
