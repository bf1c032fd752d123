import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ProcessIdentity, ProcessTrees, TreeQuery } from './process-tree.ts';

const run = promisify(execFile);

interface Row {
  readonly pid: number;
  readonly parentPid: number;
  readonly startTime: string;
  readonly command: string;
}

/**
 * Processes as Windows' own management interface tells them. Its environment blocks cannot be read, so a tree is what
 * was recorded while it lived and the children of that; a process that leaves its tree unseen is not found.
 */
export function createWindowsProcessTrees(): ProcessTrees {
  return {
    // Start times on Windows are dates, which never repeat after a boot.
    bootId: () => 'windows',
    async identify(pid) {
      const row = (await listProcesses(`ProcessId=${pid}`))[0];
      return row ? { pid: row.pid, startTime: row.startTime } : null;
    },
    isAlive: (identity) => isStill(identity),
    findTree: (query) => findTree(query),
    async signal(identity, signal) {
      if (!(await isStill(identity))) return false;
      // Without /F a console program is not told at all; there is no polite signal to a process without a window.
      await run('taskkill', ['/PID', String(identity.pid), ...(signal === 'SIGKILL' ? ['/T', '/F'] : [])]).catch(
        // Its exit code says "not possible" for polite requests to console programs; the forced one follows.
        () => undefined,
      );
      return true;
    },
    describe: async (pid) => (await listProcesses(`ProcessId=${pid}`))[0]?.command ?? null,
    async portHolder(port) {
      const pid = await listenerPid(port);
      if (pid === null) return null;
      return { pid, command: (await listProcesses(`ProcessId=${pid}`))[0]?.command ?? 'unknown command' };
    },
    async ownsPort(port, owners) {
      const pid = await listenerPid(port);
      if (pid === null) return 'unknown';
      return owners.some((owner) => owner.pid === pid) ? 'yes' : 'no';
    },
  };
}

async function isStill(identity: ProcessIdentity): Promise<boolean> {
  const rows = await listProcesses(`ProcessId=${identity.pid}`);
  return rows.some((row) => row.startTime === identity.startTime);
}

async function findTree(query: TreeQuery): Promise<readonly ProcessIdentity[]> {
  const rows = await listProcesses();
  const known = new Map(query.recorded.map((identity) => [identity.pid, identity.startTime]));
  if (query.leader) known.set(query.leader.pid, query.leader.startTime);
  const members = new Map<number, Row>();
  for (const row of rows) if (known.get(row.pid) === row.startTime) members.set(row.pid, row);
  let grew = true;
  while (grew) {
    grew = false;
    for (const row of rows) {
      const parent = members.get(row.parentPid);
      // A parent's pid may have been used again, but a child is never older than its parent.
      if (!members.has(row.pid) && parent && row.startTime >= parent.startTime) {
        members.set(row.pid, row);
        grew = true;
      }
    }
  }
  return [...members.values()].map(({ pid, startTime }) => ({ pid, startTime }));
}

async function listProcesses(filter?: string): Promise<Row[]> {
  const query = `Get-CimInstance Win32_Process ${filter ? `-Filter "${filter}"` : ''}`;
  const format = `ForEach-Object { "$($_.ProcessId)|$($_.ParentProcessId)|$($_.CreationDate.ToUniversalTime().ToString('o'))|$($_.CommandLine)" }`;
  const { stdout } = await run('powershell', ['-NoProfile', '-NonInteractive', '-Command', `${query} | ${format}`]);
  return stdout.split(/\r?\n/).flatMap((line) => {
    const [pid, parentPid, startTime, ...command] = line.split('|');
    if (!pid || !parentPid || !startTime) return [];
    return [{ pid: Number(pid), parentPid: Number(parentPid), startTime, command: command.join('|').slice(0, 120) }];
  });
}

async function listenerPid(port: number): Promise<number | null> {
  const { stdout } = await run('netstat', ['-ano', '-p', 'TCP']);
  for (const line of stdout.split(/\r?\n/)) {
    const [, local, , state, pid] = line.trim().split(/\s+/);
    if (state === 'LISTENING' && local?.endsWith(`:${port}`)) return Number(pid);
  }
  return null;
}
