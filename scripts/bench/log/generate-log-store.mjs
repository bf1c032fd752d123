// Makes a request log of any size, the same for the same numbers, through the very code that writes a real one. The
// benchmark of the log does it by itself; run it by hand for a large store to look at:
//   node scripts/bench/log/generate-log-store.mjs --rows 10000000 --out FOLDER
// The newest rows have their text in the index (--texts, a tenth), the newest of those have bodies (--bodies, a fiftieth).
import { mkdirSync, renameSync, rmSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compressBodies } from '../../../electron/request-log/background/compress-bodies.ts';
import { findBlockToKeep, keepColumns } from '../../../electron/request-log/background/keep-columns.ts';
import { MaintainedPartition } from '../../../electron/request-log/background/maintained-partition.ts';
import { bodyFileKinds } from '../../../electron/request-log/body-file-kinds.ts';
import { FrameWriter, sealFrame } from '../../../electron/request-log/frame.ts';
import { Partition } from '../../../electron/request-log/partition.ts';
import { closedValues } from '../../../electron/request-log/row-columns.ts';
import { dayOfTime, rowId } from '../../../electron/request-log/row-id.ts';
import { chatRequest, seededWords } from './chat-requests.mjs';
import { madeUpRow, seededRandom } from './made-up-rows.mjs';

const DAY_MS = 86_400_000;
/** Goes up when the same numbers make another store. */
const VERSION = 1;
const LAST_DAY_MS = Date.UTC(2026, 0, 30);
const BATCH_ROWS = 5_000;
const TEXT_BATCH_ROWS = 5_000;

/** Sizes of a store; what is not given follows from the number of rows. */
export function storeSize({ rows, days = 30, texts = Math.floor(rows / 10), bodies = Math.floor(rows / 50) }) {
  return { rows, days, texts, bodies };
}

/** Folder of the store of that size below `cache`, made when it is not there. `say` hears how far it has come. */
export async function cachedLogStore(cache, size, say) {
  const { rows, days, texts, bodies } = size;
  const folder = path.join(cache, `log-store-${VERSION}-${rows}-${days}-${texts}-${bodies}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const seconds = await generateLogStore(unfinished, size, say);
  writeFileSync(path.join(unfinished, 'generated.json'), `${JSON.stringify({ ...size, seconds })}\n`);
  renameSync(unfinished, folder);
  return folder;
}

/** Fills an empty folder and returns how many seconds each part took. */
async function generateLogStore(folder, { rows, days, texts, bodies }, say) {
  const random = seededRandom(7);
  const words = seededWords(1);
  const seconds = { rows: 0, texts: 0, compression: 0, columns: 0 };
  let made = 0;
  for (let day = 0; day < days; day += 1) {
    const dayMs = LAST_DAY_MS - (days - 1 - day) * DAY_MS;
    const dayRows = Math.floor((rows * (day + 1)) / days) - Math.floor((rows * day) / days);
    // Counted from the end: the newest rows have the text.
    const firstText = Math.max(0, dayRows - Math.max(0, texts - (rows - made - dayRows)));
    const firstBody = Math.max(0, dayRows - Math.max(0, bodies - (rows - made - dayRows)));
    const number = dayOfTime(dayMs);
    const dayFolder = path.join(folder, String(number));
    const keptTexts = [];
    timed(seconds, 'rows', () => {
      const partition = new Partition(dayFolder, number, 'strict');
      const frames = { partition, words, firstBody, firstText, keptTexts };
      for (let from = 0; from < dayRows; from += BATCH_ROWS) {
        writeRows(frames, random, number, dayMs, dayRows, from, Math.min(dayRows, from + BATCH_ROWS), made);
      }
      partition.sealFrames();
      partition.database.pragma('wal_checkpoint(TRUNCATE)');
      partition.close();
    });
    const maintained = new MaintainedPartition(dayFolder, number);
    timed(seconds, 'texts', () => indexTexts(maintained, words, firstText, dayRows, made, keptTexts));
    let startMs = performance.now();
    for (const { file, kind } of maintained.bodyFiles()) {
      if (kind !== bodyFileKinds.frames) continue;
      for await (const _ of compressBodies(maintained, file, () => dayMs, say));
    }
    seconds.compression += (performance.now() - startMs) / 1000;
    startMs = performance.now();
    for (;;) {
      const { block } = findBlockToKeep(maintained, false, Number.MAX_SAFE_INTEGER);
      if (block === null) break;
      for await (const _ of keepColumns(maintained, block));
    }
    seconds.columns += (performance.now() - startMs) / 1000;
    maintained.shrink();
    maintained.close();
    made += dayRows;
    say(`${made} of ${rows} rows`);
  }
  return seconds;
}

function writeRows({ partition, words, firstBody, keptTexts }, random, day, dayMs, dayRows, from, to, before) {
  const pending = [];
  for (let index = from; index < to; index += 1) {
    const { opened, closed } = madeUpRow(random, before + index, dayMs + Math.floor((index / dayRows) * DAY_MS));
    const id = rowId(day, index + 1);
    let frame = null;
    if (index >= firstBody) {
      const bodies = chatRequest(words, before + index);
      const writer = new FrameWriter(new ArrayBuffer(16 * 1024));
      writer.appendBodies(index + 1, bodies);
      frame = writer.bytes();
      sealFrame(frame);
      keptTexts.push(bodies.promptText, bodies.answerText);
    }
    pending.push({ values: closedValues({ id, ...opened }, { id, ...closed }, 0), frame });
  }
  partition.commit(pending, dayMs);
}

function indexTexts(maintained, words, firstText, dayRows, before, keptTexts) {
  const firstKept = dayRows - keptTexts.length / 2;
  const index = maintained.textIndex();
  const newest = maintained.bodyFiles().at(-1);
  for (let from = firstText; from < dayRows; from += TEXT_BATCH_ROWS) {
    index.begin();
    for (let at = from; at < Math.min(dayRows, from + TEXT_BATCH_ROWS); at += 1) {
      const kept = (at - firstKept) * 2;
      const texts = kept >= 0 ? keptTexts.slice(kept, kept + 2) : [words.text(330), words.text(180)];
      index.add({ n: at + 1, prompt: texts[0], answer: texts[1] });
    }
    index.commit({ file: newest?.file ?? 0, offset: newest?.bytes ?? 0 });
    while (index.mayMerge) index.mergeStep();
  }
  if (firstText >= dayRows && newest !== undefined) throw new Error('Bodies without texts would be indexed later.');
}

function timed(seconds, part, work) {
  const startMs = performance.now();
  work();
  seconds[part] += (performance.now() - startMs) / 1000;
}

if (process.argv[1] === import.meta.filename) {
  const number = { type: 'string' };
  const { values } = parseArgs({
    options: { rows: { ...number, default: '200000' }, days: number, texts: number, bodies: number, out: number },
  });
  const given = Object.fromEntries(
    ['rows', 'days', 'texts', 'bodies'].flatMap((name) =>
      values[name] === undefined ? [] : [[name, Number(values[name])]],
    ),
  );
  const say = (text) => process.stderr.write(`${text}\n`);
  const out = values.out ?? path.join(import.meta.dirname, '..', '..', '..', '.cache');
  process.stdout.write(`${await cachedLogStore(out, storeSize(given), say)}\n`);
}
