import { fileURLToPath } from 'node:url';
import { programPath } from '../base/program-files.ts';

/** The file of a worker thread: beside this source when run from sources, else the bundle of that name. */
export function workerFile(name: 'request-log-writer' | 'request-log-reader'): string {
  const ownFile = fileURLToPath(import.meta.url);
  if (!ownFile.endsWith('.ts')) return programPath(name);
  const source = name === 'request-log-writer' ? './writer-worker.ts' : './reader-worker.ts';
  return fileURLToPath(new URL(source, import.meta.url));
}
