import { readFileSync } from 'node:fs';
import type { Result } from '../contract/outpost-error.ts';
import { fail, succeed } from '../contract/outpost-error.ts';
import type { RunnerSpecFile } from '../contract/runner-protocol.ts';

/** Reads what the service wrote. Lenient: unknown fields are kept out of nobody's way, only what is indispensable is checked. */
export function readSpecFile(file: string): Result<RunnerSpecFile> {
  let spec: Partial<RunnerSpecFile>;
  try {
    spec = JSON.parse(readFileSync(file, 'utf8')) as Partial<RunnerSpecFile>;
  } catch (error) {
    return fail('PROCESS_START_FAILED', `The runner cannot read ${file}: ${(error as Error).message}.`);
  }
  const missing = Object.entries({
    name: typeof spec.name === 'string',
    command: typeof spec.command === 'string' && spec.command !== '',
    args: Array.isArray(spec.args) && spec.args.every((value) => typeof value === 'string'),
    env: isRecordOfStrings(spec.env),
    readiness: ['http', 'tcp', 'spawned'].includes(spec.readiness?.kind ?? ''),
    readyTimeoutMs: typeof spec.readyTimeoutMs === 'number',
    stopGraceMs: typeof spec.stopGraceMs === 'number',
    restart: typeof spec.restart?.maxDelayMs === 'number',
    log: typeof spec.log?.directory === 'string',
  }).find(([, isValid]) => !isValid)?.[0];
  if (missing !== undefined) return fail('PROCESS_START_FAILED', `${file} has no valid "${missing}".`);
  // The fields that code relies on were checked above; the service is the only writer.
  return succeed({ ...defaults, ...spec } as RunnerSpecFile);
}

const defaults = {
  kind: 'process',
  cwd: null,
  port: null,
  host: '127.0.0.1',
  fingerprint: '',
  wanted: 'stopped',
} as const;

function isRecordOfStrings(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && Object.values(value).every((entry) => typeof entry === 'string')
  );
}
