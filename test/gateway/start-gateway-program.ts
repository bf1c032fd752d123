import path from 'node:path';
import { writeFileAtomic } from '../../electron/base/atomic-write.ts';
import { dataPaths } from '../../electron/base/data-paths.ts';
import type { RouteTable } from '../../electron/contract/route-table.ts';
import type { SpawnedProgram } from '../fixtures/spawn-program.ts';
import { spawnProgram } from '../fixtures/spawn-program.ts';
import { waitFor } from '../fixtures/wait-for.ts';

export interface GatewayProgram {
  readonly program: SpawnedProgram;
  readonly port: number;
}

export function writeRouteTable(data: string, table: RouteTable): void {
  writeFileAtomic(dataPaths(data).routeTable, JSON.stringify(table), 0o600);
}

/** Starts the built gateway on a data directory that has a route table, and waits until it listens. */
export async function startGatewayProgram(data: string, keepAfterTest = false): Promise<GatewayProgram> {
  const program = spawnProgram('gateway', { args: ['--data', data], keepAfterTest });
  const port = await waitFor(
    () => {
      if (program.child.exitCode !== null)
        throw new Error(`The gateway ended:\n${program.stdout()}${program.stderr()}`);
      return /"listen":\[\{"host":"127\.0\.0\.1","port":(\d+)\}/.exec(program.stdout())?.[1] ?? null;
    },
    { what: `the gateway to listen:\n${program.stdout()}${program.stderr()}`, everyMs: 10 },
  );
  return { program, port: Number(port) };
}

export function requestsFolder(data: string): string {
  return path.join(data, 'requests');
}
