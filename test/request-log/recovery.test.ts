import {
  appendFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { DAY_MS, NOON, bodies, closed, openLog, openReader, opened, valueOf, write } from './log-fixtures.ts';

const day = '20260115';

describe('opening after a crash', () => {
  it('cuts what was appended but never committed', async () => {
    const directory = makeTempDir();
    const first = await openLog(directory);
    const kept = await write(first, { bodies: { requestBody: Buffer.from('kept') } });
    await first.shutdown();
    const frames = path.join(directory, day, 'bodies-000001.frames');
    const length = statSync(frames).size;
    appendFileSync(frames, Buffer.concat([Buffer.from('OLF1'), Buffer.alloc(5000, 7)]));
    const second = await openLog(directory);
    const next = await write(second, { bodies: { requestBody: Buffer.from('next') } });
    const reader = await openReader(directory);
    expect(valueOf(await reader.get(kept)).request_body).toBe('kept');
    expect(valueOf(await reader.get(next)).request_body).toBe('next');
    expect(statSync(frames).size).toBeLessThan(length * 2 + 50);
  });

  it('keeps rows whose bodies are cut off or changed, and says so', async () => {
    const directory = makeTempDir();
    const first = await openLog(directory);
    const changed = await write(first, { bodies: { requestBody: Buffer.from('changed') } });
    const cut = await write(first, { bodies: { requestBody: Buffer.from('cut off') } });
    await first.shutdown();
    const frames = path.join(directory, day, 'bodies-000001.frames');
    const descriptor = openSync(frames, 'r+');
    writeSync(descriptor, Buffer.from('X'), 0, 1, 42);
    closeSync(descriptor);
    truncateSync(frames, statSync(frames).size - 3);
    const second = await openLog(directory);
    expect(second.status().warnings.join()).toContain('shorter than recorded');
    const next = await write(second, { bodies: { requestBody: Buffer.from('next') } });
    const reader = await openReader(directory);
    for (const id of [changed, cut]) {
      const row = valueOf(await reader.get(id));
      expect(row.request_body).toBeNull();
      expect(row.bodies_note).toContain('damaged');
    }
    expect(valueOf(await reader.get(next)).request_body).toBe('next');
    // A search reads what is whole and is not misled by the rest.
    expect(valueOf(await reader.list({ filter: { search: 'nothing' }, limit: 5 })).rows).toEqual([]);
  });

  it('closes rows that were left running, in every day', async () => {
    const directory = makeTempDir();
    const first = await openLog(directory);
    const older = await write(first);
    const newer = await write(first, { opened: { timeMs: NOON + DAY_MS } });
    await first.shutdown();
    for (const name of [day, '20260116']) {
      const database = new Database(path.join(directory, name, 'rows.db'));
      database.exec('UPDATE requests SET state = 0, duration_ms = NULL');
      database.close();
    }
    await openLog(directory);
    const reader = await openReader(directory);
    for (const id of [newer, older]) {
      await expect
        .poll(async () => valueOf(await reader.get(id)), { timeout: 20_000 })
        .toMatchObject({
          state: 'error',
          error_code: 'GATEWAY_ENDED',
          error: expect.stringContaining('gateway ended') as string,
        });
    }
    expect(valueOf(await reader.get(newer)).bodies_note).toContain('ended before');
  });

  it('sets a damaged day aside and goes on with unused ids', async () => {
    const directory = makeTempDir();
    const first = await openLog(directory);
    const older = await write(first);
    const lost = await write(first, { opened: { timeMs: NOON + DAY_MS } });
    await first.shutdown();
    writeFileSync(path.join(directory, '20260116', 'rows.db'), Buffer.alloc(8192, 1));
    for (const suffix of ['-wal', '-shm'])
      rmSync(path.join(directory, '20260116', `rows.db${suffix}`), { force: true });
    const reader = await openReader(directory);
    const page = valueOf(await reader.list({ filter: {}, limit: 10 }));
    expect(page.rows.map(({ id }) => id)).toEqual([older]);
    expect(page.warnings?.join()).toContain('20260116');

    const second = await openLog(directory);
    expect(second.status().warnings.join()).toContain('set aside');
    expect(readdirSync(directory).some((name) => name.startsWith('20260116.damaged-'))).toBe(true);
    const next = await write(second, { opened: { timeMs: NOON + DAY_MS } });
    expect(next).toBeGreaterThan(lost);
    const after = valueOf(await reader.list({ filter: {}, limit: 10 }));
    expect(after).toEqual({
      rows: [expect.objectContaining({ id: next }), expect.objectContaining({ id: older })],
      more: false,
    });
  });

  it('says so when a file with bodies is gone', async () => {
    const directory = makeTempDir();
    const first = await openLog(directory);
    const id = await write(first, { bodies: { requestBody: Buffer.from('gone') } });
    await first.shutdown();
    rmSync(path.join(directory, day, 'bodies-000001.frames'));
    const second = await openLog(directory);
    const next = await write(second, { bodies: { requestBody: Buffer.from('next') } });
    await expect.poll(() => second.status().warnings.join(), { timeout: 20_000 }).toContain('missing');
    const reader = await openReader(directory);
    expect(valueOf(await reader.get(id)).bodies_note).toContain('missing');
    expect(valueOf(await reader.get(next)).request_body).toBe('next');
  });

  it('fails with a reason when the folder cannot be used', async () => {
    const file = path.join(makeTempDir(), 'file');
    writeFileSync(file, '');
    const { openRequestLog } = await import('../../electron/request-log/open-request-log.ts');
    const { settings } = await import('./log-fixtures.ts');
    const log = await openRequestLog({ directory: path.join(file, 'requests'), settings: settings() });
    expect(log).toMatchObject({ ok: false, error: { code: 'REQUEST_LOG_UNUSABLE' } });
  });

  it('ignores foreign folders', async () => {
    const directory = makeTempDir();
    mkdirSync(path.join(directory, 'notes'));
    mkdirSync(path.join(directory, '99999999'));
    const log = await openLog(directory);
    const id = log.open(opened());
    valueOf(await log.close(closed(id), bodies()));
    expect(existsSync(path.join(directory, day, 'rows.db'))).toBe(true);
  });
});
