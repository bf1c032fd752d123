import { parentPort, workerData } from 'node:worker_threads';
import type { MaintenanceStart } from './background/messages.ts';
import { runMaintenance } from './background/run-maintenance.ts';
import { runWriter } from './run-writer.ts';
import type { WriterStart } from './writer-messages.ts';

if (parentPort === null) throw new Error('The writer of the request log runs as a worker thread.');
const start = workerData as WriterStart | MaintenanceStart;
if (start.role === 'writer') runWriter(parentPort, start);
else runMaintenance(parentPort, start);
