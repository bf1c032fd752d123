import { parentPort, workerData } from 'node:worker_threads';
import type { ReaderStart } from './reader-messages.ts';
import { runReader } from './run-reader.ts';

if (parentPort === null) throw new Error('The reader of the request log runs as a worker thread.');
runReader(parentPort, workerData as ReaderStart);
