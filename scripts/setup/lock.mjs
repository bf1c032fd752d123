import { randomBytes } from 'node:crypto';
import { accessSync, constants, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify } from './processes.mjs';
import { SetupError, say } from './say.mjs';

/**
 * Runs `work` while no other process runs work under the same lock file. A lock whose holder is gone is taken over.
 * Waits without limit for a living holder, and says so once.
 */
export async function withLock(file, purpose, work) {
  ensureWritable(path.dirname(file));
  const mine = { holder: identify(process.pid), pid: process.pid, purpose, token: randomBytes(8).toString('hex') };
  let told = false;
  while (!tryToTake(file, mine)) {
    const holder = readHolder(file);
    if (holder !== null && !told) {
      say(`waiting for process ${holder.pid}, which is busy with: ${holder.purpose}`);
      told = true;
    }
    await sleep(100);
  }
  try {
    return await work();
  } finally {
    // Only what is still ours: nobody takes a living process's lock, but a person may have removed it.
    if (readHolder(file)?.token === mine.token) rmSync(file, { force: true });
  }
}

function ensureWritable(dir) {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
  } catch (error) {
    throw new SetupError(
      `There is something to install or build, but this user may not write to ${dir} (${error.code}). ` +
        'Run the command once as the owner of this checkout.',
    );
  }
}

function tryToTake(file, mine) {
  const draft = `${file}.${mine.token}`;
  // The file appears with its content in one step, so nobody ever reads half a lock.
  writeFileSync(draft, JSON.stringify(mine));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return tryToInherit(file, draft);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Takes over a dead holder's lock. Of several that try, the one that makes the file named after that lock may. */
function tryToInherit(file, draft) {
  const dead = readHolder(file);
  if (dead === null || identify(dead.pid) === dead.holder) return false;
  const claim = `${file}.heir-of-${dead.token}`;
  try {
    linkSync(draft, claim);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const heir = readHolder(claim);
    if (heir !== null && identify(heir.pid) !== heir.holder) rmSync(claim, { force: true });
    return false;
  }
  try {
    // Between reading and claiming, an earlier heir may have come and gone.
    if (readHolder(file)?.token !== dead.token) return false;
    renameSync(draft, file);
    return true;
  } finally {
    rmSync(claim, { force: true });
  }
}

function readHolder(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}
