import {
  appendFileSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../../../electron/base/clock.ts';
import { INDEX_ENTRY_BYTES, readLogCut, runLogFiles } from '../../../electron/base/run-log-files.ts';
import { cutLog, finishCut } from '../../../electron/runner/log/cut-log.ts';
import { readLogTail } from '../../../electron/runner/log/log-tail.ts';
import { RunLogKeeper } from '../../../electron/runner/log/run-log-keeper.ts';
import { makeTempDir } from '../../fixtures/temp-dir.ts';

const CAP = 10_000;

function makeLog() {
  const directory = makeTempDir();
  const files = runLogFiles(directory, 1);
  const descriptor = openSync(files.log, constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY);
  onTestFinished(() => closeSync(descriptor));
  let nowMs = 1_000_000;
  const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, after: () => () => undefined };
  const sizes: number[] = [];
  return {
    files,
    sizes,
    /** As the process does: appended to an open file. */
    write: (text: string) => writeSync(descriptor, text),
    later: (byMs: number) => (nowMs += byMs),
    keep: () => new RunLogKeeper({ directory, run: 1, capBytes: CAP }, clock, (size) => sizes.push(size)),
    text: () => readFileSync(files.log, 'utf8'),
    index() {
      const bytes = readFileSync(files.index);
      return Array.from({ length: bytes.length / INDEX_ENTRY_BYTES }, (_, entry) => [
        bytes.readDoubleLE(entry * INDEX_ENTRY_BYTES),
        bytes.readDoubleLE(entry * INDEX_ENTRY_BYTES + 8),
      ]);
    },
  };
}

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${String(from + index).padStart(6, '0')}\n`).join('');

describe('the index of a log', () => {
  it('says when the log had reached which size, about once a second, and is continued by the next keeper', () => {
    const log = makeLog();
    const keeper = log.keep();
    log.write('one\n');
    keeper.look();
    log.later(300);
    log.write('two\n');
    keeper.look();
    log.later(800);
    keeper.look();
    expect(log.index()).toEqual([
      [4, 1_000_000],
      [8, 1_001_100],
    ]);
    log.write('three\n');
    log.later(5000);
    log.keep().look();
    expect(log.index().at(-1)).toEqual([14, 1_006_100]);
    expect(log.sizes).toEqual([4, 8, 14]);
  });

  it('drops a half-written entry', () => {
    const log = makeLog();
    log.write('one\n');
    log.keep().look();
    appendFileSync(log.files.index, 'half');
    log.keep();
    expect(statSync(log.files.index).size).toBe(INDEX_ENTRY_BYTES);
  });
});

describe('the cap of a log', () => {
  it('keeps the newest part from a line start, marks and counts what is gone, and the process goes on at the end', () => {
    const log = makeLog();
    const keeper = log.keep();
    log.write(lines(1, 1000));
    keeper.look();
    const [mark, ...rest] = log.text().split('\n');
    const first = Number(/\d+$/.exec(rest[0] ?? '')?.[0]);
    const droppedBytes = (first - 1) * 12;
    expect(mark).toBe(
      `[outpost] ${droppedBytes} bytes of older output were cut off here: this log may take ${CAP} bytes.`,
    );
    expect(readLogCut(log.files)).toEqual({
      droppedBytes,
      baseOffset: droppedBytes - Buffer.byteLength(`${mark}\n`),
      isBeingCut: false,
    });
    log.write(lines(1001, 1010));
    keeper.look();
    expect(log.text()).toBe(`${mark}\n${lines(first, 1010)}`);
    expect(log.sizes).toEqual([12_000, 12_120]);
  });

  it('holds over many cuts, each counting all that is gone so far', () => {
    const log = makeLog();
    const keeper = log.keep();
    for (let part = 0; part < 50; part++) {
      log.write(lines(part * 100 + 1, part * 100 + 100));
      log.later(1000);
      keeper.look();
      expect(statSync(log.files.log).size).toBeLessThanOrEqual(CAP);
    }
    const [mark, ...rest] = log.text().split('\n');
    const first = Number(/\d+$/.exec(rest[0] ?? '')?.[0]);
    expect(readLogCut(log.files).droppedBytes).toBe((first - 1) * 12);
    expect(log.text()).toBe(`${mark}\n${lines(first, 5000)}`);
    expect(log.index()[0]?.[0]).toBeGreaterThan(readLogCut(log.files).droppedBytes);
    expect(log.index().at(-1)?.[0]).toBe(60_000);
  });

  it.each(['before anything was moved', 'after a part was moved', 'after the truncation'])(
    'is finished by the next keeper when its runner died %s',
    (when) => {
      const log = makeLog();
      log.write(lines(1, 1000));
      const whole = log.text();
      const finished = makeLog();
      finished.write(whole);
      const expected = cutLog(finished.files, CAP);
      const keepFrom = expected.droppedBytes;
      const marker = `${finished.text().split('\n')[0]}\n`;
      const pending = { keepFrom, sizeBytes: whole.length, marker };
      writeFileSync(log.files.cut, JSON.stringify({ droppedBytes: 0, baseOffset: 0, pending }));
      if (when === 'after a part was moved') {
        const part = `${marker}${whole.slice(keepFrom, keepFrom + 1000)}`;
        writeFileSync(log.files.log, `${part}${whole.slice(part.length)}`);
      }
      if (when === 'after the truncation') writeFileSync(log.files.log, finished.text());
      finishCut(log.files);
      expect(log.text()).toBe(finished.text());
      expect(readLogCut(log.files)).toEqual(expected);
    },
  );

  it.skipIf(process.platform !== 'linux')('goes on when the disk is full, and notes the size once it is not', () => {
    const log = makeLog();
    const keeper = log.keep();
    symlinkSync('/dev/full', log.files.index);
    log.write('0123456789\n');
    keeper.look();
    expect(log.sizes).toEqual([11]);
    rmSync(log.files.index);
    keeper.look();
    expect(log.index().map(([offset]) => offset)).toEqual([11]);
  });

  it('goes on when it cannot note that somebody emptied the file, and notes it once it can', () => {
    const log = makeLog();
    const keeper = log.keep();
    log.write('0123456789\n');
    keeper.look();
    // A file cannot take the place of a folder.
    mkdirSync(log.files.cut);
    truncateSync(log.files.log);
    log.write('new\n');
    keeper.look();
    expect(log.sizes).toEqual([11, 15]);
    rmdirSync(log.files.cut);
    keeper.look();
    expect(readLogCut(log.files)).toMatchObject({ droppedBytes: 11, baseOffset: 11 });
  });

  it('goes on with its offsets when somebody empties the file', () => {
    const log = makeLog();
    const keeper = log.keep();
    log.write('0123456789\n');
    keeper.look();
    truncateSync(log.files.log);
    log.write('new\n');
    keeper.look();
    expect(log.sizes).toEqual([11, 15]);
    expect(readLogCut(log.files).droppedBytes).toBe(11);
  });
});

describe('the last words of a log', () => {
  it('are its last lines without colours, with progress bars as a terminal leaves them', () => {
    const log = makeLog();
    log.write('1\n2\n\u001b[31mERROR\u001b[0m bad\n\nLoading:  10%\rLoading: 100%\r\n\u001b]0;title\u0007last');
    expect(readLogTail(log.files.log)).toBe('1 ⏎ 2 ⏎ ERROR bad ⏎ Loading: 100% ⏎ last');
  });

  it('are none of an empty or missing log', () => {
    const log = makeLog();
    expect(readLogTail(log.files.log)).toBe(null);
    expect(readLogTail('/nowhere.log')).toBe(null);
  });
});
