import { describe, expect, it } from 'vitest';
import { fail, succeed } from '../../../electron/contract/outpost-error.ts';
import { exportPages } from '../../../renderer/stores/export-pages.ts';
import { memorySink } from '../../../renderer/stores/export-sink.ts';
import { fakeRequest } from '../../fakes/fake-site.ts';

const rows = Array.from({ length: 25 }, (_, index) => fakeRequest(100 - index, { error: '=1+1' }));

function pages(size: number) {
  return async (beforeId: number | null) => {
    const left = rows.filter(({ id }) => beforeId === null || id < beforeId);
    return succeed({ rows: left.slice(0, size), more: left.length > size });
  };
}

function collect(most?: number) {
  const saved: string[] = [];
  return { saved, sink: memorySink('x', (_, parts) => saved.push(parts.join('')), most) };
}

describe('exportPages', () => {
  it('writes every row once, page by page, and tells how far it is', async () => {
    const { saved, sink } = collect();
    const progress: number[] = [];
    const result = await exportPages('jsonl', sink, pages(10), new AbortController().signal, (n) => progress.push(n));
    expect(result).toEqual(succeed({ rows: 25, cancelled: false }));
    expect(progress).toEqual([10, 20, 25]);
    const ids = saved[0]
      ?.trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: number }).id);
    expect(ids).toEqual(rows.map(({ id }) => id));
  });

  it('writes CSV that no spreadsheet runs', async () => {
    const { saved, sink } = collect();
    await exportPages('csv', sink, pages(100), new AbortController().signal, () => {});
    const lines = saved[0]?.split('\r\n') ?? [];
    expect(lines[0]).toMatch(/^id,time,state,/);
    expect(lines).toHaveLength(rows.length + 2);
    expect(lines[1]).toContain(",'=1+1,");
  });

  it('leaves no file when it is cancelled, when reading fails and when it grows too large', async () => {
    const cancelled = collect();
    const abort = new AbortController();
    const stopped = await exportPages('jsonl', cancelled.sink, pages(10), abort.signal, () => abort.abort());
    expect(stopped).toEqual(succeed({ rows: 10, cancelled: true }));
    const failed = collect();
    const refusal = fail('INTERNAL', 'No.');
    expect(
      await exportPages(
        'jsonl',
        failed.sink,
        async () => refusal,
        new AbortController().signal,
        () => {},
      ),
    ).toEqual(refusal);
    const large = collect(1000);
    const refused = await exportPages('jsonl', large.sink, pages(10), new AbortController().signal, () => {});
    expect(refused).toMatchObject({ ok: false, error: { code: 'EXPORT_TOO_LARGE' } });
    expect([...cancelled.saved, ...failed.saved, ...large.saved]).toEqual([]);
  });
});
