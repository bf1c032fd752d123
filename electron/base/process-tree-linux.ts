import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { PortHolder, ProcessIdentity, ProcessTrees, TreeQuery } from './process-tree.ts';
import { RUN_ID_VARIABLE } from './process-tree.ts';

const DESCRIPTION_MAX = 120;

/** Processes as /proc tells them. Reads are synchronous: /proc answers from memory, a thread pool would only cost more. */
export function createLinuxProcessTrees(): ProcessTrees {
  return {
    bootId: () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    identify: async (pid) => identityOf(readStat(pid)),
    isAlive: async (identity) => isStill(identity),
    findTree: async (query, foreign) => findTree(query, foreign),
    async signal(identity, signal) {
      if (!isStill(identity)) return false;
      try {
        process.kill(identity.pid, signal);
        return true;
      } catch (error) {
        // It ended between the look and the signal, which is what the signal was for.
        if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
        throw error;
      }
    },
    describe: async (pid) => describe(pid),
    async portHolder(port) {
      const inodes = listeningInodes(port);
      return inodes.size === 0 ? null : holderOf(inodes, allPids());
    },
    async ownsPort(port, owners) {
      const inodes = listeningInodes(port);
      if (inodes.size === 0) return 'unknown';
      let unreadable = false;
      for (const { pid } of owners) {
        const held = holdsSocket(pid, inodes);
        if (held === true) return 'yes';
        if (held === null) unreadable = true;
      }
      return unreadable ? 'unknown' : 'no';
    },
  };
}

interface Stat {
  readonly pid: number;
  readonly state: string;
  readonly parentPid: number;
  readonly session: number;
  readonly startTime: string;
}

/** Null when the process is gone; its other fields are those of proc(5). */
function readStat(pid: number): Stat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // Gone, or hidden from us: either way not a process we could have started.
    return null;
  }
  // The name may hold spaces and parentheses, so counting starts behind the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    state: fields[0] ?? '',
    parentPid: Number(fields[1]),
    session: Number(fields[3]),
    startTime: fields[19] ?? '',
  };
}

function identityOf(stat: Stat | null): ProcessIdentity | null {
  return stat && isLiving(stat) ? { pid: stat.pid, startTime: stat.startTime } : null;
}

function isLiving(stat: Stat): boolean {
  return stat.state !== 'Z' && stat.state !== 'X';
}

function isStill(identity: ProcessIdentity): boolean {
  const now = identityOf(readStat(identity.pid));
  return now !== null && now.startTime === identity.startTime;
}

function allPids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid);
}

function findTree(query: TreeQuery, foreign?: Set<number>): readonly ProcessIdentity[] {
  const recorded = new Map(query.recorded.map((identity) => [identity.pid, identity.startTime]));
  if (query.leader) recorded.set(query.leader.pid, query.leader.startTime);
  const mark = `${RUN_ID_VARIABLE}=${query.runId}`;
  const members = new Map<number, Stat>();
  const rest: Stat[] = [];
  for (const pid of allPids()) {
    if (foreign?.has(pid) && !recorded.has(pid)) continue;
    const stat = readStat(pid);
    if (!stat || !isLiving(stat)) continue;
    if (recorded.get(pid) === stat.startTime || carriesMark(pid, mark)) members.set(pid, stat);
    else rest.push(stat);
  }
  /**
   * A session number alone proves nothing once its leader is gone, since pids are used again. It cannot have been while
   * a known member is still in it.
   */
  const sessionHolds = [...members.values()].some((stat) => stat.session === query.leader?.pid);
  let grew = true;
  while (grew) {
    grew = false;
    for (const stat of rest) {
      if (members.has(stat.pid)) continue;
      const inSession = sessionHolds && stat.session === query.leader?.pid;
      if (inSession || members.has(stat.parentPid)) {
        members.set(stat.pid, stat);
        grew = true;
      }
    }
  }
  if (foreign) for (const stat of rest) if (!members.has(stat.pid)) foreign.add(stat.pid);
  return [...members.values()].map(({ pid, startTime }) => ({ pid, startTime }));
}

function carriesMark(pid: number, mark: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    return environment.startsWith(`${mark}\0`) || environment.includes(`\0${mark}\0`);
  } catch {
    // Another user's process, or one that just ended: not ours.
    return false;
  }
}

function describe(pid: number): string | null {
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    const text = line || readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    return text.length > DESCRIPTION_MAX ? `${text.slice(0, DESCRIPTION_MAX)}…` : text || null;
  } catch {
    // Gone meanwhile; a message can do without.
    return null;
  }
}

/** Inodes of the sockets that listen on a local port, on any address. */
function listeningInodes(port: number): Set<string> {
  const LISTEN = '0A';
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let table: string;
    try {
      table = readFileSync(file, 'utf8');
    } catch {
      // A kernel without IPv6 has no such file.
      continue;
    }
    for (const row of table.split('\n').slice(1)) {
      const [, local, , state, , , , , , inode] = row.trim().split(/\s+/);
      if (state === LISTEN && local?.endsWith(`:${wanted}`) && inode) inodes.add(inode);
    }
  }
  return inodes;
}

function holderOf(inodes: Set<string>, pids: readonly number[]): PortHolder | null {
  for (const pid of [...pids, process.pid]) {
    if (holdsSocket(pid, inodes)) return { pid, command: describe(pid) ?? 'unknown command' };
  }
  return null;
}

/** Whether a process has one of these sockets open; null when its files cannot be read. */
function holdsSocket(pid: number, inodes: Set<string>): boolean | null {
  let names: string[];
  try {
    names = readdirSync(`/proc/${pid}/fd`);
  } catch {
    // Gone, or another user's.
    return null;
  }
  return names.some((name) => {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    } catch {
      // Closed meanwhile.
      return false;
    }
  });
}
