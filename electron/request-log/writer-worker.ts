import { parentPort, workerData } from 'node:worker_threads';
import { runWriter } from './run-writer.ts';
import type { WriterStart } from './writer-messages.ts';

if (parentPort === null) throw new Error('The writer of the request log runs as a worker thread.');
runWriter(parentPort, workerData as WriterStart);
