import type { SpawnedProgram } from '../fixtures/spawn-program.ts';
import { spawnProgram } from '../fixtures/spawn-program.ts';
import { waitFor } from '../fixtures/wait-for.ts';

export interface RunningSimulator {
  readonly program: SpawnedProgram;
  readonly url: string;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly keepAfterTest?: boolean;
}

/** Starts the simulated engine on a free port, fast unless the flags say otherwise, and waits until it is ready. */
export async function startSimulator(
  flags: readonly string[] = [],
  options: StartOptions = {},
): Promise<RunningSimulator> {
  const program = spawnProgram('simulator', {
    args: [
      '--port',
      '0',
      '--load-seconds',
      '0',
      '--ttft-ms',
      '2',
      '--itl-ms',
      '1',
      '--served-model-name',
      'demo-chat',
      ...flags,
    ],
    ...options,
  });
  const url = await waitFor(
    () => {
      if (program.child.exitCode !== null)
        throw new Error(`The simulator ended:\n${program.stdout()}${program.stderr()}`);
      if (!program.stderr().includes('Application startup complete.')) return null;
      return /Starting vLLM server on (http:\S+)/.exec(program.stdout())?.[1] ?? null;
    },
    { what: 'the simulator to be ready' },
  );
  return { program, url };
}

export function postJson(url: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    ...init,
    headers: { 'content-type': 'application/json', ...(init.headers as Record<string, string> | undefined) },
  });
}

/** A JSON answer without the trouble of its type: tests say what they expect. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the assertions are the check
export async function readAnswer(response: Response): Promise<any> {
  return response.json();
}

/** The value of one series, the labels written as on the page; NaN when it is not there. */
export function metricValue(page: string, series: string): number {
  const line = page.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? Number.NaN : Number(line.slice(series.length + 1));
}

export async function readMetrics(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}
