import { GATEWAY_NAME } from '../../contract/names.ts';
import type { Site } from '../../contract/site-schema.ts';
import type { ListenAddress } from './listen-address.ts';
import { parseListen } from './listen-address.ts';
import type { PortKeeper } from './port-keeper.ts';

export interface AssignedPorts {
  /** Addresses of the gateway, none with port 0. */
  readonly listen: readonly ListenAddress[];
  /** By name of server or process. */
  readonly ports: ReadonlyMap<string, number>;
}

/**
 * Decides every port of a site: those it names, and kept or newly picked ones for the rest. `runningPort` tells the port
 * on which a supervised process runs right now, or null. `gatewayListen` overrides the site's addresses.
 */
export async function assignPorts(
  site: Site,
  gatewayListen: readonly string[] | null,
  keeper: PortKeeper,
  runningPort: (name: string) => Promise<number | null>,
): Promise<AssignedPorts> {
  const wantedListen = (gatewayListen ?? site.gateway.listen).map(parseListen);
  const entries = [...site.servers, ...site.processes];
  const taken = new Set<number>([...wantedListen.map(({ port }) => port), ...entries.map(({ port }) => port ?? 0)]);
  taken.delete(0);

  const listen: ListenAddress[] = [];
  for (const [index, { host, port }] of wantedListen.entries()) {
    if (port !== 0) {
      listen.push({ host, port });
      continue;
    }
    // A gateway that runs keeps its port, even one that was once given by number.
    const running = index === 0 ? await runningPort(GATEWAY_NAME) : null;
    const isOurs = async () => running !== null || (await runningPort(GATEWAY_NAME)) !== null;
    const picked =
      running !== null && !taken.has(running)
        ? running
        : await keeper.resolve(`gateway:${host}:${index}`, host, isOurs, taken);
    taken.add(picked);
    listen.push({ host, port: picked });
  }

  const ports = new Map<string, number>();
  for (const { name, port } of entries) {
    const isOurs = async () => (await runningPort(name)) === keeper.kept(`process:${name}`);
    const assigned = port ? port : await keeper.resolve(`process:${name}`, '127.0.0.1', isOurs, taken);
    taken.add(assigned);
    ports.set(name, assigned);
  }
  return { listen, ports };
}
