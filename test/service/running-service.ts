import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import type { TRPCClient } from '@trpc/client';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { ReadyLine } from '../../electron/contract/service-location.ts';
import type { ProcessStatus } from '../../electron/contract/site-status.ts';
import type { ControlRouter } from '../../electron/service/api/router.ts';
import { processesOf } from '../fixtures/drive-site.ts';
import { spawnProgram } from '../fixtures/spawn-program.ts';
import type { SpawnedProgram } from '../fixtures/spawn-program.ts';
import { waitFor } from '../fixtures/wait-for.ts';

/** A service program under test, driven through its control API. */
export interface RunningService {
  readonly program: SpawnedProgram;
  readonly ready: ReadyLine;
  readonly api: TRPCClient<ControlRouter>;
  process(name: string): Promise<ProcessStatus>;
  waitForState(name: string, actual: string): Promise<ProcessStatus>;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
}

/**
 * Starts the service on free ports and waits for its ready line. Everything it started is stopped, and proven gone, when
 * the test ends.
 */
export async function startService(data: string, ...args: string[]): Promise<RunningService> {
  const program = spawnProgram('service', {
    args: ['--data', data, '--control', '127.0.0.1:0', '--gateway', '127.0.0.1:0', ...args],
    keepAfterTest: true,
  });
  onTestFinished(async () => {
    const isUp = program.child.exitCode === null && program.child.signalCode === null;
    if (isUp) await connect(data).api.processes.stopEverything.mutate();
    await program.stop();
  });
  const line = await waitFor(() => /^.+(?=\n)/.exec(program.stdout())?.[0], {
    deadlineMs: 60_000,
    what: 'the ready line',
  });
  const ready = JSON.parse(line) as ReadyLine;
  if (ready.event !== 'ready') throw new Error(`The service did not start: ${line}\n${program.stderr()}`);
  const { api, close } = connect(data);
  onTestFinished(close);

  const find = async (name: string): Promise<ProcessStatus> => {
    const found = (await api.status.query()).processes.find((entry) => entry.name === name);
    if (!found) throw new Error(`There is no process ${name}.`);
    return found;
  };
  return {
    program,
    ready,
    api,
    process: find,
    waitForState: (name, actual) =>
      waitFor(async () => ((await find(name)).actual === actual ? find(name) : null), {
        deadlineMs: 60_000,
        everyMs: 100,
        what: `${name} to be ${actual}`,
      }),
    async kill() {
      close();
      program.child.kill('SIGKILL');
      await program.exited;
    },
  };
}

/** Waits until nothing that belongs to the data directory runs any more. */
export async function waitUntilGone(data: string): Promise<void> {
  await waitFor(() => processesOf(data).length === 0, { what: `the end of ${JSON.stringify(processesOf(data))}` });
}

function connect(data: string): { readonly api: TRPCClient<ControlRouter>; readonly close: () => void } {
  const { control } = JSON.parse(readFileSync(path.join(data, 'runtime', 'service.json'), 'utf8')) as {
    control: string;
  };
  const token = readFileSync(path.join(data, 'token'), 'utf8').trim();
  const socket = createWSClient({
    url: `${control.replace('http', 'ws')}/trpc`,
    connectionParams: () => ({ token }),
    WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
  });
  return {
    api: createTRPCClient<ControlRouter>({ links: [wsLink({ client: socket })] }),
    close: () => void socket.close().catch(() => undefined),
  };
}
