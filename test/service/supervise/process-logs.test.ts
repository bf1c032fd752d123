import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runLogFiles } from '../../../electron/base/run-log-files.ts';
import type { LogChunk } from '../../../electron/contract/control-api.ts';
import { createProcessLogs } from '../../../electron/service/supervise/process-logs.ts';
import { makeTempDir } from '../../fixtures/temp-dir.ts';
import { waitFor } from '../../fixtures/wait-for.ts';

function makeLogs() {
  const dataRoot = makeTempDir();
  const folder = path.join(dataRoot, 'logs', 'demo');
  mkdirSync(folder, { recursive: true });
  const write = (run: number, text: string | Buffer) => appendFileSync(runLogFiles(folder, run).log, text);
  return { folder, write, logs: createProcessLogs(dataRoot) };
}

const newest = { name: 'demo', run: null, fromOffset: null, lines: 500 } as const;

describe('reading a log', () => {
  it('gives the last lines of the newest run, an unfinished one included', async () => {
    const { write, logs } = makeLogs();
    write(1, 'old\n');
    write(2, 'one\ntwo\nthree');
    expect(await logs.read({ ...newest, lines: 2 })).toEqual({
      ok: true,
      value: { run: 2, fromOffset: 4, toOffset: 13, sizeBytes: 13, text: 'two\nthree', droppedBytes: 0 },
    });
    expect(await logs.read({ ...newest, run: 1 })).toMatchObject({ ok: true, value: { run: 1, text: 'old\n' } });
  });

  it('counts lines right whatever the block size, with and without a last newline', async () => {
    const { write, logs } = makeLogs();
    const lines = Array.from({ length: 30_000 }, (_, index) => `line ${index} ${'x'.repeat(index % 50)}`);
    write(1, `${lines.join('\n')}\n`);
    for (const count of [1, 2, 500, 9999]) {
      const chunk = await logs.read({ ...newest, lines: count });
      expect(chunk.ok && chunk.value.text).toBe(`${lines.slice(-count).join('\n')}\n`);
    }
    write(1, 'tail');
    const chunk = await logs.read({ ...newest, lines: 3 });
    expect(chunk.ok && chunk.value.text).toBe(`${lines.slice(-2).join('\n')}\ntail`);
  });

  it('reads on from an offset, and answers an empty log with nothing', async () => {
    const { write, logs } = makeLogs();
    write(1, 'one\ntwo\n');
    expect(await logs.read({ ...newest, fromOffset: 4 })).toMatchObject({ value: { text: 'two\n', toOffset: 8 } });
    expect(await logs.read({ ...newest, fromOffset: 800 })).toMatchObject({ value: { text: '', toOffset: 8 } });
    write(2, '');
    expect(await logs.read(newest)).toMatchObject({ ok: true, value: { text: '', sizeBytes: 0 } });
  });

  it('says when there is no log, and which runs have one', async () => {
    const { write, logs } = makeLogs();
    expect(await logs.read(newest)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
    write(3, '');
    const missing = await logs.read({ ...newest, run: 9 });
    expect(!missing.ok && missing.error.message).toContain('There are logs of runs 3 to 3');
  });

  it('keeps its offsets after the cap has cut the log, and tells how much is gone', async () => {
    const { folder, write, logs } = makeLogs();
    const mark = '[outpost] cut\n';
    writeFileSync(runLogFiles(folder, 1).cut, JSON.stringify({ droppedBytes: 1000, baseOffset: 1000 - mark.length }));
    write(1, `${mark}kept\n`);
    expect(await logs.read({ ...newest, fromOffset: 1000 })).toMatchObject({
      value: { fromOffset: 1000, toOffset: 1005, text: 'kept\n', droppedBytes: 1000 },
    });
    expect(await logs.read({ ...newest, fromOffset: 0 })).toMatchObject({ value: { text: `${mark}kept\n` } });
  });
});

describe('searching a log', () => {
  it('finds lines without regard to case, with the offset where each begins, also after broken text', async () => {
    const { write, logs } = makeLogs();
    write(1, Buffer.concat([Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from('fine\nCUDA Error: 1\nü\ncuda error: 2\n')]));
    const found = await logs.search({ name: 'demo', run: null, text: 'cuda ERROR', limit: 10 });
    expect(found).toEqual({
      ok: true,
      value: [
        { offset: 8, line: 'CUDA Error: 1' },
        { offset: 25, line: 'cuda error: 2' },
      ],
    });
    const first = await logs.search({ name: 'demo', run: null, text: 'cuda', limit: 1 });
    expect(first.ok && first.value).toHaveLength(1);
  });
});

describe('following a log', () => {
  function follow(logs: ReturnType<typeof makeLogs>['logs'], run: number | null = null) {
    const chunks: LogChunk[] = [];
    const controller = new AbortController();
    onTestFinished(() => controller.abort());
    logs.follow({ name: 'demo', run, fromOffset: 0 }, (chunk) => chunks.push(chunk), controller.signal);
    return { chunks, text: () => chunks.map(({ text }) => text).join('') };
  }

  it('emits whole lines as they come and moves on to the next run', async () => {
    const { write, logs } = makeLogs();
    write(1, 'one\ntw');
    const seen = follow(logs);
    await waitFor(() => seen.text() === 'one\n');
    write(1, 'o\nunfinished');
    await waitFor(() => seen.text() === 'one\ntwo\n');
    write(2, 'next\n');
    await waitFor(() => seen.text() === 'one\ntwo\nunfinishednext\n');
    expect(seen.chunks.at(-1)).toMatchObject({ run: 2, fromOffset: 0, text: 'next\n' });
  });

  it('begins before there is any run, and goes on when old runs are removed', async () => {
    const { folder, write, logs } = makeLogs();
    const seen = follow(logs);
    write(1, 'first\n');
    await waitFor(() => seen.text() === 'first\n');
    write(2, 'second\n');
    rmSync(runLogFiles(folder, 1).log);
    await waitFor(() => seen.text() === 'first\nsecond\n');
  });

  it('goes on when the log could not be read for a while', async () => {
    const { folder, write, logs } = makeLogs();
    // Found like a log, and reading it fails.
    mkdirSync(runLogFiles(folder, 1).log);
    const seen = follow(logs);
    expect(await logs.read(newest).catch((error: unknown) => error)).toMatchObject({ code: 'EISDIR' });
    rmSync(runLogFiles(folder, 1).log, { recursive: true });
    write(1, 'readable\n');
    await waitFor(() => seen.text() === 'readable\n');
  });

  it('shows no line twice and loses none over a cut', async () => {
    const { folder, write, logs } = makeLogs();
    write(1, 'a\nb\nc\n');
    const seen = follow(logs);
    await waitFor(() => seen.text() === 'a\nb\nc\n');
    const mark = '[outpost] cut\n';
    writeFileSync(runLogFiles(folder, 1).cut, JSON.stringify({ droppedBytes: 0, baseOffset: 0, pending: {} }));
    writeFileSync(runLogFiles(folder, 1).log, `${mark}c\n`);
    writeFileSync(runLogFiles(folder, 1).cut, JSON.stringify({ droppedBytes: 4, baseOffset: 4 - mark.length }));
    write(1, 'd\n');
    await waitFor(() => seen.text() === 'a\nb\nc\nd\n');
  });
});
