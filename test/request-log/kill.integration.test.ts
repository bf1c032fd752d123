import { createHash } from 'node:crypto';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodePath } from '../../electron/base/program-files.ts';
import type { BodyText } from '../../electron/contract/request-row.ts';
import { spawnCommand } from '../fixtures/spawn-program.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { openLog, openReader, valueOf } from './log-fixtures.ts';

const program = path.join(import.meta.dirname, 'writing-program.ts');
const KILLS = 6;

/** Starts the program, kills it when it has been acknowledged some rows, and returns what it printed. */
async function writeUntilKilled(directory: string, durability: string, afterMs: number): Promise<string> {
  const writing = spawnCommand(nodePath(), [program, directory, durability]);
  await waitFor(() => writing.stdout().includes('\n'), { what: `a first row; ${writing.stderr()}` });
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  writing.child.kill('SIGKILL');
  await writing.exited;
  return writing.stdout();
}

function bytesOf(body: BodyText): Buffer {
  if (body === null) return Buffer.alloc(0);
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.base64, 'base64');
}

describe('kill -9 of the writing process', () => {
  it('loses no acknowledged row and no byte of its bodies, and leaves none running', async () => {
    const directory = makeTempDir();
    const ledger = new Map<number, string>();
    for (let kill = 0; kill < KILLS; kill += 1) {
      // A different moment each time; the sum of what is written stays small.
      const printed = await writeUntilKilled(directory, 'strict', 100 + ((kill * 353) % 900));
      // A line that the kill cut off was not acknowledged to anybody.
      for (const line of printed.split('\n').slice(0, -1)) {
        const [outcome, id, hash] = line.split(' ');
        expect(outcome, line).toBe('ok');
        expect(ledger.has(Number(id)), `id ${id} was given out twice`).toBe(false);
        ledger.set(Number(id), hash ?? '');
      }
    }
    expect(ledger.size).toBeGreaterThan(KILLS);

    await openLog(directory);
    const reader = await openReader(directory);
    for (const [id, hash] of ledger) {
      const row = valueOf(await reader.get(id));
      expect(row.state).toBe('ok');
      const found = createHash('sha256')
        .update(bytesOf(row.request_body))
        .update(bytesOf(row.response_body))
        .digest('hex');
      expect(found, `bodies of ${id}: ${row.bodies_note ?? 'no note'}`).toBe(hash);
    }
    await waitFor(async () => valueOf(await reader.list({ filter: { state: 'running' }, limit: 5 })).rows.length === 0);
    const left = valueOf(await reader.list({ filter: { state: 'error' }, limit: 1000 })).rows;
    expect(left.every((row) => row.error_code === 'GATEWAY_ENDED')).toBe(true);
  });
});
