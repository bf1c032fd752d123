import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTempDir } from '../../fixtures/temp-dir.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import type { RequestLogReader } from '../../../electron/request-log/request-log.ts';
import { DAY_MS, NOON, openLog, openReader, settings, valueOf, write } from '../log-fixtures.ts';

function filesOf(directory: string, day: string): readonly string[] {
  const folder = path.join(directory, day);
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('bodies-')) : [];
}

function records(directory: string): readonly Record<string, unknown>[] {
  const file = path.join(directory, 'retention.jsonl');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function idsOf(reader: RequestLogReader, search: string): Promise<readonly number[]> {
  return valueOf(await reader.list({ filter: { search }, limit: 100 })).rows.map(({ id }) => id);
}

describe('maintenance', () => {
  it('packs the bodies of a former day: the same bytes, still found by their text, and more can follow', async () => {
    const directory = makeTempDir();
    const log = await openLog(directory);
    const sent = Array.from({ length: 50 }, (_, n) =>
      n % 9 === 0 ? randomBytes(400_000) : Buffer.from(`{"text":"${'word '.repeat(300)}${n}"}`),
    );
    const ids = await Promise.all(
      sent.map((body, n) =>
        write(log, { bodies: { requestBody: body, responseBody: null, promptText: `prompt ${n}`, chunkTimesMs: [n] } }),
      ),
    );
    const late = log.open({
      timeMs: NOON,
      requestId: 'late',
      method: 'POST',
      route: '/',
      clientAddress: null,
      key: null,
      feature: null,
      modelAsked: null,
      stream: false,
    });
    await write(log, { opened: { timeMs: NOON + DAY_MS } });
    await waitFor(() => filesOf(directory, '20260115').every((name) => name.endsWith('.blocks')), {
      what: 'compression',
    });
    expect(filesOf(directory, '20260115')).toHaveLength(1);
    const reader = await openReader(directory);
    for (const [n, id] of ids.entries()) {
      const row = valueOf(await reader.get(id));
      expect(row.bodies_note).toBeNull();
      expect(row.chunk_times_ms).toEqual([n]);
      const body = row.request_body;
      const bytes =
        body !== null && typeof body === 'object' ? Buffer.from(body.base64, 'base64') : Buffer.from(body ?? '');
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(
        createHash('sha256')
          .update(sent[n] ?? '')
          .digest('hex'),
      );
    }
    expect(await idsOf(reader, 'prompt 17')).toEqual([ids[17]]);
    expect(await idsOf(reader, '"prompt 17"')).toEqual([ids[17]]);
    expect(await idsOf(reader, 'pro* 23')).toEqual([ids[23]]);

    const { closed, bodies } = await import('../log-fixtures.ts');
    valueOf(await log.close(closed(late), bodies({ requestBody: Buffer.from('late'), promptText: 'straggler' })));
    expect(await idsOf(reader, 'straggler')).toEqual([late]);
    expect(valueOf(await reader.get(late)).request_body).toBe('late');
    await log.shutdown();
    await openLog(directory);
    await waitFor(() => filesOf(directory, '20260115').every((name) => name.endsWith('.blocks')));
    expect(valueOf(await reader.get(late)).request_body).toBe('late');
    expect(valueOf(await reader.get(ids[3] ?? 0)).bodies_note).toBeNull();
    expect(await idsOf(reader, 'straggler')).toEqual([late]);
  });

  it('finds a row at once, and once only while it moves into the index', async () => {
    const directory = makeTempDir();
    const log = await openLog(directory);
    const reader = await openReader(directory);
    const ids: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      ids.unshift(await write(log, { bodies: { answerText: `needle number ${n}` } }));
      expect(await idsOf(reader, 'needle')).toEqual(ids);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  });

  it('removes days by age, and records it', async () => {
    const directory = makeTempDir();
    const log = await openLog(directory);
    const todayMs = Date.now();
    const old = await write(log, {
      opened: { timeMs: todayMs - 40 * DAY_MS },
      bodies: { requestBody: Buffer.from('old') },
    });
    const middle = await write(log, {
      opened: { timeMs: todayMs - 10 * DAY_MS },
      bodies: { requestBody: Buffer.from('middle'), promptText: 'middle' },
    });
    const today = await write(log, { opened: { timeMs: todayMs }, bodies: { requestBody: Buffer.from('today') } });
    const reader = await openReader(directory);
    expect(valueOf(await reader.list({ filter: {}, limit: 9 })).rows).toHaveLength(3);
    log.configure(settings({ retain: { days: 30, bodies_days: 5, gib: 50 } }));
    await waitFor(async () => !(await reader.get(old)).ok);
    await waitFor(async () => valueOf(await reader.get(middle)).bodies_note !== null);
    const kept = valueOf(await reader.get(middle));
    expect(kept).toMatchObject({ request_body: null, state: 'ok' });
    expect(kept.bodies_note).toContain('retention');
    expect(valueOf(await reader.get(today)).request_body).toBe('today');
    expect(valueOf(await reader.list({ filter: {}, limit: 9 })).rows.map(({ id }) => id)).toEqual([today, middle]);
    expect(records(directory)).toEqual([
      expect.objectContaining({ what: 'partition', why: 'days', rows: 1 }),
      expect.objectContaining({ what: 'bodies', why: 'bodies_days' }),
    ]);
  });

  it('holds the cap on size with the oldest bodies, in the newest day as well', async () => {
    const directory = makeTempDir();
    const log = await openLog(directory);
    const old = await write(log, { bodies: { requestBody: randomBytes(2 ** 20) } });
    const first = await write(log, {
      opened: { timeMs: NOON + DAY_MS },
      bodies: { requestBody: randomBytes(3 * 2 ** 20) },
    });
    const reader = await openReader(directory);
    log.configure(settings({ retain: { days: 36_000, bodies_days: 36_000, gib: 1.5 / 1024 } }));
    await waitFor(async () => valueOf(await reader.get(first)).bodies_note !== null);
    expect((await reader.get(old)).ok).toBe(false);
    const next = await write(log, { opened: { timeMs: NOON + DAY_MS }, bodies: { requestBody: Buffer.from('next') } });
    expect(valueOf(await reader.get(next)).request_body).toBe('next');
    expect(valueOf(await reader.list({ filter: {}, limit: 9 })).rows.map(({ id }) => id)).toEqual([next, first]);
    expect(records(directory).every(({ why }) => why === 'gib')).toBe(true);
  });

  it('begins a damaged text index anew without touching the rows', async () => {
    const directory = makeTempDir();
    const first = await openLog(directory);
    const id = await write(first, { bodies: { promptText: 'phoenix' } });
    const index = path.join(directory, '20260115', 'text.db');
    await waitFor(() => existsSync(index));
    await first.shutdown();
    writeFileSync(index, Buffer.alloc(20_000, 3));
    const second = await openLog(directory);
    await waitFor(() => second.status().warnings.join().includes('text index'));
    const reader = await openReader(directory);
    await waitFor(async () => (await idsOf(reader, 'phoenix'))[0] === id);
  });
});
