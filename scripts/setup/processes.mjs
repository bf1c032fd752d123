import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** Whether a process's start time and environment can be read here: only where there is a /proc. */
export const hasProc = process.platform === 'linux';

/**
 * A text that tells one process from every other one that ever has its id: the id, when it started and in which boot.
 * Null when there is no such process. Where there is no /proc the id alone has to do.
 */
export function identify(pid) {
  if (!hasProc) return isAlive(pid) ? String(pid) : null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, which may contain spaces and brackets itself.
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = afterName;
    if (state === 'Z' || state === 'X') return null;
    const startTicks = afterName[19];
    return `${pid} ${startTicks} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    // It ended, or never was.
    return null;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Processes whose program, arguments or (with `inEnvironment`) environment contain one of the texts, as
 * `{ pid, command }`. This process and its ancestors are left out.
 */
export function processesMentioning(texts, { inEnvironment = false } = {}) {
  if (process.platform === 'win32') return windowsProcessesMentioning(texts);
  if (!hasProc) return [];
  const own = ownAncestry();
  const found = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || own.has(pid)) continue;
    const command = readProc(pid, 'cmdline').replaceAll('\0', ' ').trim();
    const sources = [command, readExe(pid), inEnvironment ? readProc(pid, 'environ') : ''];
    if (texts.some((text) => sources.some((source) => source.includes(text)))) found.push({ pid, command });
  }
  return found;
}

/** On Windows the environment of another process cannot be read, and paths have no case. */
function windowsProcessesMentioning(texts) {
  const query =
    'Get-CimInstance Win32_Process | Select-Object ProcessId,CommandLine,ExecutablePath | ConvertTo-Json -Compress';
  const { stdout } = spawnSync('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', query], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return [JSON.parse(stdout || '[]')]
    .flat()
    .map((found) => ({ pid: found.ProcessId, command: found.CommandLine ?? '', file: found.ExecutablePath ?? '' }))
    .filter(({ pid }) => pid !== process.pid && pid !== process.ppid)
    .filter(({ command, file }) => {
      const source = `${command} ${file}`.toLowerCase();
      return texts.some((text) => source.includes(text.toLowerCase()));
    })
    .map(({ pid, command }) => ({ pid, command }));
}

function ownAncestry() {
  const own = new Set();
  let pid = process.pid;
  while (pid > 1 && !own.has(pid)) {
    own.add(pid);
    const stat = readProc(pid, 'stat');
    pid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  }
  return own;
}

function readProc(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // The process ended meanwhile, or belongs to somebody else: then it is none of ours.
    return '';
  }
}

function readExe(pid) {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    // As in readProc; kernel threads have none either.
    return '';
  }
}
