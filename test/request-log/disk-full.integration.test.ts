import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodePath } from '../../electron/base/program-files.ts';
import { spawnCommand } from '../fixtures/spawn-program.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { openLog, openReader, valueOf, write } from './log-fixtures.ts';

const program = path.join(import.meta.dirname, 'writing-program.ts');

describe.skipIf(process.platform !== 'linux')('a disk that takes no more', () => {
  it('makes closing fail, acknowledges nothing that is not kept, and goes on when there is space again', async () => {
    const directory = makeTempDir();
    // A limit on the size of files stands for a full disk: writing behind it fails in the middle of a frame. Its signal is
    // ignored, so the write fails as it does with ENOSPC.
    const limited = `trap '' XFSZ; ulimit -S -f 4096; exec "$@"`;
    const writing = spawnCommand('bash', ['-c', limited, 'bash', nodePath(), program, directory, 'strict', '200000']);
    await waitFor(() => /^failed GATEWAY_RECORD_FAILED .*too large/m.test(writing.stdout()), {
      what: `a refused row; ${writing.stderr()}`,
    });
    const failedAt = writing.stdout().length;
    // Space again: it goes on by itself, and what could not be written is written now.
    execFileSync('prlimit', ['--pid', String(writing.pid), '--fsize=unlimited']);
    await waitFor(() => /^ok (\d+) .*\n[^]*^ok /m.test(writing.stdout().slice(failedAt)), {
      what: 'rows that are written again',
    });
    const reader = await openReader(directory);
    await waitFor(
      async () => {
        const page = valueOf(await reader.list({ filter: { state: 'error' }, limit: 100 }));
        return page.rows.some((row) => row.error_code === 'GATEWAY_RECORD_FAILED' && row.error?.includes('too large'));
      },
      { what: 'the row of a refused request' },
    );
    writing.child.kill('SIGKILL');
    await writing.exited;
    const acknowledged = [...writing.stdout().matchAll(/^ok (\d+) /gm)].map(([, id]) => Number(id));
    expect(acknowledged.length).toBeGreaterThan(0);

    const log = await openLog(directory);
    for (const id of acknowledged)
      expect(valueOf(await reader.get(id)), `row ${id}`).toMatchObject({ state: 'ok', bodies_note: null });
    const next = await write(log, { bodies: { requestBody: Buffer.from('again') } });
    expect(valueOf(await reader.get(next)).request_body).toBe('again');
  });
});
